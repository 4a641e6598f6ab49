package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import java.util.List;
import java.util.Map;

/**
 * A JSON value that others wrote, with the place of its bytes, so that what is hashed and sent on is what was read. Immutable.
 *
 * <p>Security property: text that two readers could take two ways is refused: a name twice in one object, invalid UTF-8, a byte order
 * mark, a lone surrogate. Numbers stay as they are spelt. Equality includes the place; {@link #sameValue} does not.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Foreign JSON.
 */
public sealed interface ForeignJson {
    /** How deep objects and arrays may nest. */
    int DEPTH_MAX = 64;
    /** The most bytes of one text. */
    int BYTES_MAX = 16 << 20;
    /** The most values in one text, names not counted. */
    int VALUES_MAX = 200_000;
    /** The most characters of one number. */
    int NUMBER_CHARS_MAX = 256;

    Span span();

    /** Where a value stands: from its first byte to the one after its last. */
    record Span(int start, int end) {
        public byte[] cut(byte[] text) {
            return java.util.Arrays.copyOfRange(text, start, end);
        }
    }

    /** An object, its members in the order of the text. */
    record Obj(Span span, Map<String, ForeignJson> members) implements ForeignJson {
        public Obj {
            members = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(members));
        }
    }

    /** An array. */
    record Arr(Span span, List<ForeignJson> items) implements ForeignJson {
        public Arr {
            items = List.copyOf(items);
        }
    }

    /** A string, its escapes resolved. */
    record Str(Span span, String value) implements ForeignJson {}

    /** A number as it is spelt. */
    record Num(Span span, String lexeme) implements ForeignJson {}

    /** true or false. */
    record Bool(Span span, boolean value) implements ForeignJson {}

    /** null. */
    record Null(Span span) implements ForeignJson {}

    /**
     * Parses one whole text.
     *
     * @throws FormatException {@code json-syntax}, {@code json-utf8}, {@code json-duplicate-key}, {@code json-surrogate},
     *     {@code json-depth}, {@code json-number} (too long), {@code json-size} (too many bytes or values)
     */
    static ForeignJson parse(byte[] text) throws FormatException {
        return new ForeignParser(text).parse();
    }

    /** Parses a text that is an object; {@code json-not-object} if it is another value. */
    static Obj parseObject(byte[] text) throws FormatException {
        if (parse(text) instanceof Obj object) {
            return object;
        }
        throw new FormatException("json-not-object", "not a JSON object");
    }

    /** Whether two texts are the same tree: members in any order, strings by their characters, numbers by their spelling. */
    static boolean sameValue(ForeignJson a, ForeignJson b) {
        return switch (a) {
            case Obj x -> b instanceof Obj y && sameMembers(x.members(), y.members());
            case Arr x -> b instanceof Arr y && sameItems(x.items(), y.items());
            case Str x -> b instanceof Str y && x.value().equals(y.value());
            case Num x -> b instanceof Num y && x.lexeme().equals(y.lexeme());
            case Bool x -> b instanceof Bool y && x.value() == y.value();
            case Null ignored -> b instanceof Null;
        };
    }

    private static boolean sameMembers(Map<String, ForeignJson> a, Map<String, ForeignJson> b) {
        return a.keySet().equals(b.keySet())
                && a.entrySet().stream().allMatch(m -> {
                    ForeignJson other = b.get(m.getKey());
                    return other != null && sameValue(m.getValue(), other);
                });
    }

    private static boolean sameItems(List<ForeignJson> a, List<ForeignJson> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!sameValue(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }
}
