package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import java.text.Normalizer;
import java.util.regex.Pattern;

/** The rules on the text of a path, before it is cut into components: {@code docs/spec/contract.md}, Paths, steps 1 to 9. */
final class PathText {
    private static final Pattern PERCENT = Pattern.compile("%([0-9A-Fa-f]{2}|[uU][0-9A-Fa-f]{4})");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*", Pattern.DOTALL);
    private static final String STRUCTURE = "./\\%~:\u0000";

    private PathText() {}

    static void check(String text) throws FormatException {
        if (text.isEmpty()) {
            throw refused("path-empty", "is empty");
        }
        if (utf8Length(text) > LexicalPath.BYTES_MAX) {
            throw refused("path-long", "is longer than " + LexicalPath.BYTES_MAX + " bytes");
        }
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            character(text.codePointAt(i));
        }
        if (hasEdge(text)) {
            throw refused("path-edge", "begins or ends with a space or a quote, which some servers cut off");
        }
        if (PERCENT.matcher(text).find()) {
            throw refused("path-percent", "has a percent escape, which some servers decode");
        }
        if (text.startsWith("~")) {
            throw refused("path-home", "begins with ~, which some servers take as a home folder");
        }
        if (DRIVE.matcher(text).matches()) {
            throw refused("path-drive", "begins with a Windows drive");
        }
        if (SCHEME.matcher(text).matches()) {
            throw refused("path-scheme", "begins with a URI scheme");
        }
        if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
            throw refused("path-nfc", "is not in Unicode form NFC; some servers open what is equivalent");
        }
    }

    /** Whether a part begins or ends with a character that the reader of a path may cut off. */
    static boolean hasEdge(String part) {
        return isEdge(part.charAt(0)) || isEdge(part.charAt(part.length() - 1));
    }

    /** The length in UTF-8; a lone surrogate counts three. */
    static int utf8Length(String text) {
        return text.codePoints()
                .map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
                .sum();
    }

    static FormatException refused(String code, String message) {
        return new FormatException(code, "the path " + message);
    }

    private static boolean isEdge(char c) {
        return c == ' ' || c == '"' || c == '\'';
    }

    private static void character(int c) throws FormatException {
        if (Character.getType(c) == Character.CONTROL) {
            throw refused("path-control", "holds a control character");
        }
        if (c == '\\') {
            throw refused("path-backslash", "holds a backslash, which some systems take as a separator");
        }
        if (c >= 0x80 && isUnseen(c)) {
            throw refused(
                    "path-invisible", String.format("holds U+%04X, which a reader does not see for what it is", c));
        }
        if (c >= 0x80 && becomesStructure(c)) {
            throw refused(
                    "path-compatibility", String.format("holds U+%04X, which some systems take as another sign", c));
        }
    }

    private static boolean becomesStructure(int c) {
        String plain = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC);
        return plain.chars().anyMatch(p -> STRUCTURE.indexOf(p) >= 0);
    }

    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> isIgnorable(c);
        };
    }

    /** Default_Ignorable_Code_Point of Unicode 16.0 beyond the classes above, and the blank Braille pattern. */
    private static boolean isIgnorable(int c) {
        return c == 0x034F
                || c == 0x2800
                || c == 0x3164
                || c == 0xFFA0
                || within(c, 0x115F, 0x1160)
                || within(c, 0x17B4, 0x17B5)
                || within(c, 0x180B, 0x180F)
                || within(c, 0xFE00, 0xFE0F)
                || within(c, 0xE0100, 0xE01EF);
    }

    private static boolean within(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
