package dev.jurat.proof.json;

import dev.jurat.proof.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the members of a closed object: each is asked for by name and type, and {@link #end()} refuses what nobody asked for.
 *
 * <p>Errors: {@code member-missing}, {@code member-type}, {@code member-unknown}; the sentence names the path. Not thread-safe.
 */
public final class Fields {
    private final Json.Obj object;
    private final String path;
    /** A name twice if it was asked for twice; they are few. */
    private final List<String> read = new ArrayList<>();

    private Fields(Json.Obj object, String path) {
        this.object = object;
        this.path = path;
    }

    public static Fields of(Json.Obj object, String path) {
        return new Fields(object, path);
    }

    public static Fields of(Json value, String path) throws FormatException {
        if (value instanceof Json.Obj object) {
            return new Fields(object, path);
        }
        throw new FormatException("member-type", path + " is not an object");
    }

    public String path() {
        return path;
    }

    public boolean has(String name) {
        return object.members().containsKey(name);
    }

    public Json value(String name) throws FormatException {
        Json value = object.members().get(name);
        if (value == null) {
            throw new FormatException("member-missing", path + "." + name + " is missing");
        }
        read.add(name);
        return value;
    }

    public String string(String name) throws FormatException {
        if (value(name) instanceof Json.Str s) {
            return s.value();
        }
        throw type(name, "a string");
    }

    public Optional<String> optionalString(String name) throws FormatException {
        return has(name) ? Optional.of(string(name)) : Optional.empty();
    }

    public long integer(String name) throws FormatException {
        if (value(name) instanceof Json.Int i) {
            return i.value();
        }
        throw type(name, "an integer");
    }

    /** An integer within the bounds given, both included. */
    public long integer(String name, long min, long max) throws FormatException {
        long value = integer(name);
        if (value < min || value > max) {
            throw new FormatException("member-range", path + "." + name + " is not within " + min + ".." + max);
        }
        return value;
    }

    public boolean bool(String name) throws FormatException {
        if (value(name) instanceof Json.Bool b) {
            return b.value();
        }
        throw type(name, "a boolean");
    }

    public Fields object(String name) throws FormatException {
        if (value(name) instanceof Json.Obj o) {
            return new Fields(o, path + "." + name);
        }
        throw type(name, "an object");
    }

    public Json.Obj rawObject(String name) throws FormatException {
        if (value(name) instanceof Json.Obj o) {
            return o;
        }
        throw type(name, "an object");
    }

    public List<Json> array(String name) throws FormatException {
        if (value(name) instanceof Json.Arr a) {
            return a.items();
        }
        throw type(name, "an array");
    }

    public List<String> strings(String name) throws FormatException {
        List<String> out = new ArrayList<>();
        for (Json item : array(name)) {
            if (!(item instanceof Json.Str s)) {
                throw type(name, "an array of strings");
            }
            out.add(s.value());
        }
        return List.copyOf(out);
    }

    /** Refuses members that were not read. */
    public void end() throws FormatException {
        for (String name : object.members().keySet()) {
            if (!read.contains(name)) {
                throw new FormatException("member-unknown", path + "." + name + " is not known");
            }
        }
    }

    private FormatException type(String name, String wanted) {
        return new FormatException("member-type", path + "." + name + " is not " + wanted);
    }
}
