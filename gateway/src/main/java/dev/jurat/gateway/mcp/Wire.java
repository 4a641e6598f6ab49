package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

    private Wire(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
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
        WireScanner scanner = again(bytes, 0, end);
        scanner.space();
        int start = scanner.at();
        scanner.value(0);
        return new Wire(bytes, start, scanner.at());
    }

    /** Reads what was checked: names are not compared, nor counted, a second time. */
    private static WireScanner again(byte[] bytes, int start, int end) {
        return new WireScanner(bytes, start, end, false);
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

    /**
     * The members of an object that have these names, each of at most {@link WireName#KEPT_MAX} characters; the last of all others, if
     * there are any, under the empty name.
     */
    Map<String, Wire> members(Set<String> names) {
        Map<String, Wire> members = new LinkedHashMap<>();
        eachMember((name, value) -> members.put(names.contains(name) ? name : "", value));
        return members;
    }

    /** Whether all members of an object are so; true for any other value. */
    boolean allMembers(Predicate<Wire> so) {
        boolean[] all = {true};
        eachMember((name, value) -> all[0] = all[0] && so.test(value));
        return all[0];
    }

    /** Shows each member of an object in the order of the bytes, under its name, a long one cut short; keeps none. */
    private void eachMember(BiConsumer<String, Wire> take) {
        if (!isObject()) {
            return;
        }
        try {
            WireScanner scanner = inside();
            while (scanner.space() != '}' && scanner.at() < end) {
                String name = scanner.string(WireName.KEPT_MAX + 1);
                scanner.colon();
                take.accept(name, valueAt(scanner));
                if (!scanner.another('}')) {
                    break;
                }
            }
        } catch (FormatException e) {
            throw new IllegalStateException("bytes changed after they were checked", e);
        }
    }

    /** Shows each item of an array in the order of the bytes; keeps none. None for any other value. */
    void eachItem(Consumer<Wire> take) {
        if (!isArray()) {
            return;
        }
        try {
            WireScanner scanner = inside();
            while (scanner.space() != ']' && scanner.at() < end) {
                take.accept(valueAt(scanner));
                if (!scanner.another(']')) {
                    break;
                }
            }
        } catch (FormatException e) {
            throw new IllegalStateException("bytes changed after they were checked", e);
        }
    }

    private WireScanner inside() {
        return again(bytes, start + 1, end);
    }

    private Wire valueAt(WireScanner scanner) throws FormatException {
        int from = scanner.at();
        scanner.value(1);
        return new Wire(bytes, from, scanner.at());
    }

    /** The member of this name, which has at most {@link WireName#KEPT_MAX} characters. */
    Optional<Wire> member(String name) {
        return Optional.ofNullable(members(Set.of(name)).get(name));
    }

    /** What a string says, or empty for any other value. */
    Optional<String> text() {
        if (!isString()) {
            return Optional.empty();
        }
        try {
            return Optional.of(again(bytes, start, end).string());
        } catch (FormatException e) {
            throw new IllegalStateException("bytes changed after they were checked", e);
        }
    }

    /** The first {@code most} characters of what a string says, or empty for any other value. */
    Optional<String> text(int most) {
        if (!isString()) {
            return Optional.empty();
        }
        try {
            return Optional.of(again(bytes, start, end).string(most));
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

    /** How many bytes the value has. */
    int size() {
        return end - start;
    }

    /** The SHA-256 of these parts and the exact bytes of the value. */
    Hash hash(byte[]... before) {
        MessageDigest digest = Hash.sha256();
        for (byte[] part : before) {
            digest.update(part);
        }
        digest.update(bytes, start, end - start);
        return Hash.ofBytes(digest.digest());
    }

    /** The exact bytes of the value, copied. */
    byte[] exact() {
        return Arrays.copyOfRange(bytes, start, end);
    }
}
