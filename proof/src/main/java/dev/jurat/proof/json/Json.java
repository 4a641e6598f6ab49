package dev.jurat.proof.json;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A JSON value of the profile that records use: no fractions, integers within ±(2^53 − 1). Immutable. */
public sealed interface Json {
    long INTEGER_MAX = (1L << 53) - 1;

    /** An object, its members in the order of RFC 8785: by UTF-16 code units of their names. */
    record Obj(NavigableMap<String, Json> members) implements Json {
        public Obj {
            NavigableMap<String, Json> own = members instanceof Members given ? given : sorted(members);
            members = java.util.Collections.unmodifiableNavigableMap(own);
        }

        public static Obj of(Map<String, ? extends Json> members) {
            return new Obj(sorted(members));
        }

        private static TreeMap<String, Json> sorted(Map<String, ? extends Json> members) {
            TreeMap<String, Json> copy = new TreeMap<>();
            copy.putAll(members);
            return copy;
        }

        /** This object with one member set or replaced. */
        public Obj with(String name, Json value) {
            TreeMap<String, Json> copy = new TreeMap<>(members);
            copy.put(name, value);
            return new Obj(copy);
        }

        public Obj without(String name) {
            TreeMap<String, Json> copy = new TreeMap<>(members);
            copy.remove(name);
            return new Obj(copy);
        }
    }

    /** An array. */
    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    /** A string without lone surrogates. */
    record Str(String value) implements Json {}

    /** An integer within ±(2^53 − 1). */
    record Int(long value) implements Json {
        public Int {
            if (value > INTEGER_MAX || value < -INTEGER_MAX) {
                throw new IllegalArgumentException("integer beyond 2^53 - 1: " + value);
            }
        }
    }

    /** true or false. */
    record Bool(boolean value) implements Json {}

    /** null. */
    record Null() implements Json {}

    static Str of(String value) {
        return new Str(value);
    }

    static Int of(long value) {
        return new Int(value);
    }

    static Bool of(boolean value) {
        return new Bool(value);
    }
}
