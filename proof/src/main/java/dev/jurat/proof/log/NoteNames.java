package dev.jurat.proof.log;

/** The rule for key names, which a log's origin follows too. */
final class NoteNames {
    private NoteNames() {}

    /** Whether a name is not empty and has no space of any script, no plus and no control character. */
    static boolean isValid(String name) {
        return !name.isEmpty() && name.codePoints().allMatch(NoteNames::isAllowed);
    }

    private static boolean isAllowed(int c) {
        boolean space = Character.isSpaceChar(c) || Character.isWhitespace(c) || c == 0x85;
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return c >= 0x20 && c != '+' && !space && !surrogate;
    }
}
