package dev.jurat.proof.json;

import dev.jurat.proof.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Canonical JSON after RFC 8785, for the profile of {@link Json}.
 *
 * <p>Security property: {@link #read} accepts exactly the bytes that {@link #write} emits, so two different byte strings never mean the
 * same value. The mistake that looks right but is not: parsing leniently and canonicalising what came out. Thread-safe.
 */
public final class CanonicalJson {
    /** How deep objects and arrays may nest. */
    public static final int DEPTH_MAX = 32;

    private CanonicalJson() {}

    /**
     * Reads canonical bytes.
     *
     * @throws FormatException {@code json-syntax}, {@code json-utf8}, {@code json-duplicate-key}, {@code json-depth},
     *     {@code json-surrogate}, {@code json-number} (a fraction, or beyond 2^53 − 1), or {@code json-not-canonical}
     */
    public static Json read(byte[] bytes) throws FormatException {
        Optional<Json> plain = PlainReader.read(bytes, DEPTH_MAX);
        if (plain.isPresent()) {
            return plain.get();
        }
        Json value = StrictParser.parse(bytes, DEPTH_MAX);
        if (!Arrays.equals(write(value), bytes)) {
            throw new FormatException("json-not-canonical", "not in the one form that RFC 8785 gives this value");
        }
        return value;
    }

    /** Reads a canonical object; {@code json-not-object} if it is another value. */
    public static Json.Obj readObject(byte[] bytes) throws FormatException {
        if (read(bytes) instanceof Json.Obj object) {
            return object;
        }
        throw new FormatException("json-not-object", "not a JSON object");
    }

    /**
     * Reads an object in any spelling (white space, order), as a request body may have it; duplicate keys, invalid UTF-8, lone surrogates,
     * fractions and deep nesting are refused all the same.
     */
    public static Json.Obj readLoose(byte[] bytes) throws FormatException {
        Optional<Json> plain = PlainReader.read(bytes, DEPTH_MAX);
        Json value = plain.isPresent() ? plain.get() : StrictParser.parse(bytes, DEPTH_MAX);
        if (value instanceof Json.Obj object) {
            return object;
        }
        throw new FormatException("json-not-object", "not a JSON object");
    }

    public static byte[] write(Json value) {
        StringBuilder out = new StringBuilder(256);
        write(value, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    public static String writeString(Json value) {
        StringBuilder out = new StringBuilder(256);
        write(value, out);
        return out.toString();
    }

    private static void write(Json value, StringBuilder out) {
        switch (value) {
            case Json.Obj object -> writeObject(object, out);
            case Json.Arr array -> writeArray(array, out);
            case Json.Str string -> writeString(string.value(), out);
            case Json.Int integer -> out.append(integer.value());
            case Json.Bool bool -> out.append(bool.value());
            case Json.Null ignored -> out.append("null");
        }
    }

    private static void writeObject(Json.Obj object, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            out.append(separator);
            writeString(member.getKey(), out);
            out.append(':');
            write(member.getValue(), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void writeArray(Json.Arr array, StringBuilder out) {
        out.append('[');
        String separator = "";
        for (Json item : array.items()) {
            out.append(separator);
            write(item, out);
            separator = ",";
        }
        out.append(']');
    }

    private static void writeString(String value, StringBuilder out) {
        out.append('"');
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                escape(c, out.append(value, from, i));
                from = i + 1;
            }
        }
        out.append(value, from, value.length()).append('"');
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> out.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
        }
    }
}
