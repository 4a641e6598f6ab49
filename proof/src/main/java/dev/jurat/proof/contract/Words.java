package dev.jurat.proof.contract;

/** The closed texts of grants and tools, checked letter by letter: each record has several, hence no patterns. */
final class Words {
    private static final String SYSTEM = "system/ledger";
    private static final int ID_LENGTH = 26;
    private static final int NAMESPACE_LENGTH_MAX = 32;
    private static final int METHOD_LENGTH_MAX = 64;
    private static final int TOOL_LENGTH_MAX = 128;

    private Words() {}

    /** {@code [0-9a-f]} so many times. */
    static boolean isHex(String text, int length) {
        boolean sound = text.length() == length;
        for (int i = 0; sound && i < length; i++) {
            char c = text.charAt(i);
            sound = isDigit(c) || (c >= 'a' && c <= 'f');
        }
        return sound;
    }

    /** {@code system/ledger}, or {@code [a-z0-9][a-z0-9-]{0,31}/[a-z2-7]{26}}. */
    static boolean isPrincipal(String text) {
        int cut = text.length() - ID_LENGTH - 1;
        boolean named = cut > 0 && cut <= NAMESPACE_LENGTH_MAX && text.charAt(cut) == '/' && isId(text, cut + 1);
        for (int i = 0; named && i < cut; i++) {
            char c = text.charAt(i);
            named = isLower(c) || isDigit(c) || (c == '-' && i > 0);
        }
        return named || text.equals(SYSTEM);
    }

    /** {@code [a-z2-7]{26}}. */
    static boolean isSession(String text) {
        return text.length() == ID_LENGTH && isId(text, 0);
    }

    private static boolean isId(String text, int from) {
        boolean sound = true;
        for (int i = from; sound && i < text.length(); i++) {
            char c = text.charAt(i);
            sound = isLower(c) || (c >= '2' && c <= '7');
        }
        return sound;
    }

    /** {@code [A-Za-z][A-Za-z0-9_/-]{0,63}}. */
    static boolean isMethod(String text) {
        boolean sound = !text.isEmpty() && text.length() <= METHOD_LENGTH_MAX && isLetter(text.charAt(0));
        for (int i = 1; sound && i < text.length(); i++) {
            char c = text.charAt(i);
            sound = isLetter(c) || isDigit(c) || c == '_' || c == '/' || c == '-';
        }
        return sound;
    }

    /** {@code [A-Za-z0-9_./-]{1,128}}. */
    static boolean isToolName(String text) {
        boolean sound = !text.isEmpty() && text.length() <= TOOL_LENGTH_MAX;
        for (int i = 0; sound && i < text.length(); i++) {
            char c = text.charAt(i);
            sound = isLetter(c) || isDigit(c) || (c >= '-' && c <= '/') || c == '_';
        }
        return sound;
    }

    private static boolean isLetter(char c) {
        return isLower(c) || (c >= 'A' && c <= 'Z');
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
