package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** The closed texts of facts: identifiers, keys, enumerated words. Anything else is refused, so no free text enters a statement. */
final class Wire {
    private static final int ID_LENGTH = 26;
    private static final int NAMESPACE_LENGTH_MAX = 32;
    private static final int WORD_LENGTH_MAX = 64;
    private static final int NAME_LENGTH_MAX = 128;

    private Wire() {}

    static <E extends Enum<E>> E parse(Class<E> type, String wire, Function<E, String> text, String what)
            throws FormatException {
        for (E value : type.getEnumConstants()) {
            if (text.apply(value).equals(wire)) {
                return value;
            }
        }
        throw new FormatException("value-unknown", what + " is not one of the words known");
    }

    /** {@code system/ledger}, or {@code [a-z0-9][a-z0-9-]{0,31}/[a-z2-7]{26}}. Every record has one or two: hence no pattern. */
    static String principal(String text) throws FormatException {
        int cut = text.length() - ID_LENGTH - 1;
        boolean named = cut > 0
                && cut <= NAMESPACE_LENGTH_MAX
                && text.charAt(cut) == '/'
                && isWord(text, cut)
                && isId(text, cut + 1);
        return require(named || text.equals("system/ledger"), text, "principal-syntax");
    }

    /** {@code genesis}, or {@code [a-z2-7]{26}}. */
    static String session(String text) throws FormatException {
        boolean named = text.length() == ID_LENGTH && isId(text, 0);
        return require(named || text.equals("genesis"), text, "session-syntax");
    }

    private static boolean isWord(String text, int end) {
        boolean sound = end > 0 && text.charAt(0) != '-';
        for (int i = 0; sound && i < end; i++) {
            char c = text.charAt(i);
            sound = isLower(c) || isDigit(c) || c == '-';
        }
        return sound;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isId(String text, int from) {
        boolean sound = true;
        for (int i = from; sound && i < text.length(); i++) {
            char c = text.charAt(i);
            sound = isLower(c) || (c >= '2' && c <= '7');
        }
        return sound;
    }

    /** Lower-case words joined by hyphens, at most 64 characters, {@code [a-z0-9][a-z0-9-]{0,63}}: codes and reasons. */
    static String word(String text) throws FormatException {
        return require(text.length() <= WORD_LENGTH_MAX && isWord(text, text.length()), text, "word-syntax");
    }

    /** An identifier of a published thing, such as {@code starter@v1}: {@code [A-Za-z0-9_./@:-]{1,128}}. */
    static String name(String text) throws FormatException {
        boolean sound = !text.isEmpty() && text.length() <= NAME_LENGTH_MAX;
        for (int i = 0; sound && i < text.length(); i++) {
            char c = text.charAt(i);
            sound = isLower(c) || isDigit(c) || (c >= 'A' && c <= 'Z') || "_./@:-".indexOf(c) >= 0;
        }
        return require(sound, text, "name-syntax");
    }

    static Hash hash(String text) throws FormatException {
        return Hash.tryHex(text)
                .orElseThrow(
                        () -> new FormatException("digest-syntax", "a digest is 64 lower-case hexadecimal digits"));
    }

    static Json.Str hex(Hash hash) {
        return new Json.Str(hash.hex());
    }

    /** Standard base64 with padding that decodes to exactly {@code bytes} bytes and is written in the one canonical way. */
    static String base64(String text, int bytes) throws FormatException {
        byte[] decoded = decode(text);
        if (decoded.length != bytes
                || !Base64.getEncoder().encodeToString(decoded).equals(text)) {
            throw new FormatException("base64-syntax", "not the canonical base64 of " + bytes + " bytes");
        }
        return text;
    }

    static byte[] decode(String text) throws FormatException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new FormatException("base64-syntax", "not standard base64");
        }
    }

    static Json.Arr array(List<? extends Json> items) {
        return new Json.Arr(new ArrayList<>(items));
    }

    static <T> List<T> sortedUnique(List<T> items, Function<T, String> key, String what) throws FormatException {
        for (int i = 1; i < items.size(); i++) {
            if (key.apply(items.get(i - 1)).compareTo(key.apply(items.get(i))) >= 0) {
                throw new FormatException("order", what + " are not sorted and unique");
            }
        }
        return items;
    }

    private static String require(boolean sound, String text, String code) throws FormatException {
        if (!sound) {
            throw new FormatException(code, "not in the form that the specification gives");
        }
        return text;
    }
}
