package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Containment.Beyond;
import dev.jurat.proof.json.Json;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One node of {@link Limits}: the rules on one value. */
sealed interface Limit {
    /** Checks a value that stands at {@code path}, a JSON Pointer. */
    Containment check(ForeignJson value, String path);

    /** One step of a JSON Pointer (RFC 6901). */
    static String pointer(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** Any value at all. */
    record Anything() implements Limit {
        @Override
        public Containment check(ForeignJson value, String path) {
            return Containment.WITHIN;
        }
    }

    /** null. */
    record Nothing() implements Limit {
        @Override
        public Containment check(ForeignJson value, String path) {
            return value instanceof ForeignJson.Null ? Containment.WITHIN : new Beyond("beyond-type", path);
        }
    }

    /** true or false; with {@code wanted}, that one. */
    record Truth(Optional<Boolean> wanted) implements Limit {
        @Override
        public Containment check(ForeignJson value, String path) {
            if (!(value instanceof ForeignJson.Bool bool)) {
                return new Beyond("beyond-type", path);
            }
            return wanted.isEmpty() || wanted.get() == bool.value()
                    ? Containment.WITHIN
                    : new Beyond("beyond-value", path);
        }
    }

    /** A plain integer: digits alone, within ±(2^53 − 1), so that every reader has the same number. */
    record Whole(long minimum, long maximum, Optional<Set<Long>> wanted) implements Limit {
        private static final Pattern PLAIN = Pattern.compile("0|-?[1-9][0-9]{0,15}");

        @Override
        public Containment check(ForeignJson value, String path) {
            if (!(value instanceof ForeignJson.Num number)) {
                return new Beyond("beyond-type", path);
            }
            if (!PLAIN.matcher(number.lexeme()).matches()) {
                return new Beyond("beyond-integer", path);
            }
            long plain = Long.parseLong(number.lexeme());
            if (Math.abs(plain) > Json.INTEGER_MAX) {
                return new Beyond("beyond-integer", path);
            }
            if (wanted.isPresent() && !wanted.get().contains(plain)) {
                return new Beyond("beyond-value", path);
            }
            if (plain < minimum) {
                return new Beyond("beyond-minimum", path);
            }
            return plain > maximum ? new Beyond("beyond-maximum", path) : Containment.WITHIN;
        }
    }

    /** A decimal number written as text. */
    record Amount(@Nullable Decimal minimum, @Nullable Decimal maximum) implements Limit {
        @Override
        public Containment check(ForeignJson value, String path) {
            if (!(value instanceof ForeignJson.Str text)) {
                return new Beyond("beyond-type", path);
            }
            Decimal amount;
            try {
                amount = Decimal.readForeign(text.value());
            } catch (FormatException e) {
                return new Beyond("beyond-decimal", path);
            }
            if (minimum != null && amount.compareTo(minimum) < 0) {
                return new Beyond("beyond-minimum", path);
            }
            return maximum != null && amount.compareTo(maximum) > 0
                    ? new Beyond("beyond-maximum", path)
                    : Containment.WITHIN;
        }
    }

    /** Text; lengths count code points, a prefix is compared code point by code point. */
    record Text(long lengthMin, long lengthMax, String prefix, Optional<Set<String>> wanted) implements Limit {
        @Override
        public Containment check(ForeignJson value, String path) {
            if (!(value instanceof ForeignJson.Str text)) {
                return new Beyond("beyond-type", path);
            }
            if (wanted.isPresent() && !wanted.get().contains(text.value())) {
                return new Beyond("beyond-value", path);
            }
            int length = text.value().codePointCount(0, text.value().length());
            if (length < lengthMin || length > lengthMax) {
                return new Beyond("beyond-length", path);
            }
            return text.value().startsWith(prefix) ? Containment.WITHIN : new Beyond("beyond-prefix", path);
        }
    }

    /** An array whose items are all of one form. */
    record Items(Limit each, long countMin, long countMax) implements Limit {
        @Override
        public Containment check(ForeignJson value, String path) {
            if (!(value instanceof ForeignJson.Arr array)) {
                return new Beyond("beyond-type", path);
            }
            List<ForeignJson> items = array.items();
            if (items.size() < countMin || items.size() > countMax) {
                return new Beyond("beyond-items", path);
            }
            for (int i = 0; i < items.size(); i++) {
                if (each.check(items.get(i), path + "/" + i) instanceof Beyond beyond) {
                    return beyond;
                }
            }
            return Containment.WITHIN;
        }
    }

    /** A closed object. */
    record Members(NavigableMap<String, Limit> properties, List<String> required) implements Limit {
        @Override
        public Containment check(ForeignJson value, String path) {
            if (!(value instanceof ForeignJson.Obj object)) {
                return new Beyond("beyond-type", path);
            }
            for (String name : required) {
                if (!object.members().containsKey(name)) {
                    return new Beyond("beyond-required", path + "/" + pointer(name));
                }
            }
            for (Map.Entry<String, ForeignJson> member : object.members().entrySet()) {
                if (member(member.getKey(), member.getValue(), path) instanceof Beyond beyond) {
                    return beyond;
                }
            }
            return Containment.WITHIN;
        }

        private Containment member(String name, ForeignJson value, String path) {
            Limit limit = properties.get(name);
            String at = path + "/" + pointer(name);
            return limit == null ? new Beyond("beyond-property", at) : limit.check(value, at);
        }
    }
}
