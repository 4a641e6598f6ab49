package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A JSON value inside other people's bytes: the bytes themselves and where in them the value stands. Nothing is copied or rewritten, and
 * members are looked up in the bytes each time, so a large message costs no tree.
 *
 * <p>Security property: {@link #parse} is the only way to a root, and has checked the whole text, so that what a member says is what
 * every careful reader of these bytes sees. The mistake that looks right but is not: reading with a lenient parser and passing the bytes
 * on. Immutable as long as nobody writes to the bytes.
 */
final class Wire {
    private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,15}");
    private static final int WHOLE_LENGTH_MAX = 17;
    private static final long WHOLE_MAX = (1L << 53) - 1;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final boolean strict;

    private Wire(byte[] bytes, int start, int end, boolean strict) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.strict = strict;
    }

    /**
     * Checks one whole JSON text; white space before and after it is taken.
     *
     * @throws FormatException {@code json-syntax}, {@code json-utf8}, {@code json-duplicate-key}, {@code json-surrogate},
     *     {@code json-depth}, {@code json-size} or {@code json-line-end}
     */
    static Wire parse(byte[] bytes) throws FormatException {
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == '\r') {
            end--;
        }
        return parse(bytes, end, true);
    }

    /** One reading of text that may have several: only to find out what a refused text would have answered. */
    static Optional<Wire> dangerouslyParse(byte[] bytes) {
        try {
            return Optional.of(parse(bytes, bytes.length, false));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    private static Wire parse(byte[] bytes, int end, boolean strict) throws FormatException {
        new WireScanner(bytes, 0, end, strict).whole();
        WireScanner scanner = new WireScanner(bytes, 0, end, strict);
        scanner.space();
        int start = scanner.at();
        scanner.value(0);
        return new Wire(bytes, start, scanner.at(), strict);
    }

    boolean isObject() {
        return bytes[start] == '{';
    }

    boolean isArray() {
        return bytes[start] == '[';
    }

    boolean isString() {
        return bytes[start] == '"';
    }

    boolean isNull() {
        return bytes[start] == 'n';
    }

    /** A whole number within ±(2^53 − 1), written in the one form that it has: what all readers take for the same number, and no other. */
    boolean isWhole() {
        return end - start <= WHOLE_LENGTH_MAX
                && WHOLE.matcher(lexeme()).matches()
                && Math.abs(Long.parseLong(lexeme())) <= WHOLE_MAX;
    }

    /** The members of an object in the order of the bytes; empty for any other value. */
    Map<String, Wire> members() {
        Map<String, Wire> members = new LinkedHashMap<>();
        if (isObject()) {
            try {
                WireScanner scanner = inside();
                while (scanner.space() != '}' && scanner.at() < end) {
                    String name = scanner.string();
                    scanner.colon();
                    members.put(name, valueAt(scanner));
                    if (!scanner.another('}')) {
                        break;
                    }
                }
            } catch (FormatException e) {
                throw new IllegalStateException("bytes changed after they were checked", e);
            }
        }
        return members;
    }

    /** The items of an array; empty for any other value. */
    List<Wire> items() {
        List<Wire> items = new ArrayList<>();
        if (isArray()) {
            try {
                WireScanner scanner = inside();
                while (scanner.space() != ']' && scanner.at() < end) {
                    items.add(valueAt(scanner));
                    if (!scanner.another(']')) {
                        break;
                    }
                }
            } catch (FormatException e) {
                throw new IllegalStateException("bytes changed after they were checked", e);
            }
        }
        return items;
    }

    private WireScanner inside() {
        return new WireScanner(bytes, start + 1, end, strict);
    }

    private Wire valueAt(WireScanner scanner) throws FormatException {
        int from = scanner.at();
        scanner.value(1);
        return new Wire(bytes, from, scanner.at(), strict);
    }

    Optional<Wire> member(String name) {
        return Optional.ofNullable(members().get(name));
    }

    /** What a string says, or empty for any other value. */
    Optional<String> text() {
        if (!isString()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new WireScanner(bytes, start, end, strict).string());
        } catch (FormatException e) {
            throw new IllegalStateException("bytes changed after they were checked", e);
        }
    }

    /** What the string member of this name says, or empty. */
    Optional<String> text(String name) {
        return member(name).flatMap(Wire::text);
    }

    /** The characters of the value as they stand. */
    String lexeme() {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    /** The whole text that the value stands in, with other bytes in its place. */
    byte[] replacedBy(byte[] other) {
        byte[] text = new byte[start + other.length + bytes.length - end];
        System.arraycopy(bytes, 0, text, 0, start);
        System.arraycopy(other, 0, text, start, other.length);
        System.arraycopy(bytes, end, text, start + other.length, bytes.length - end);
        return text;
    }

    /** The exact bytes of the value, copied. */
    byte[] exact() {
        return Arrays.copyOfRange(bytes, start, end);
    }
}
