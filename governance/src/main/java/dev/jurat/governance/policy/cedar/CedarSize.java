package dev.jurat.governance.policy.cedar;

import dev.jurat.proof.FormatException;
import java.util.Set;

/**
 * How deep and how long a rule may be: far below what the stack of the native parser and evaluator can hold, whose overflow ends the process.
 *
 * <p>Security property: asked before anything native sees the text. Brackets and operators in strings and comments do not count; where a
 * string is never closed, all that follows counts.
 */
final class CedarSize {
    /** The most brackets that are open at one place. */
    static final int DEPTH_MAX = 24;

    /** The most {@code if} of one rule. */
    static final int IFS_MAX = 32;

    /** The most operators, dots and opening brackets of one rule. */
    static final int OPERATORS_MAX = 512;

    private static final Set<String> WORDS = Set.of("in", "has", "like", "is", "when", "unless");

    private final String text;
    private boolean unclosed;
    private int depth;
    private int ifs;
    private int operators;

    private CedarSize(String text) {
        this.text = text;
    }

    /** Throws {@code policy-depth} or {@code policy-size}. */
    static void check(String text) throws FormatException {
        CedarSize size = new CedarSize(text);
        int at = 0;
        while (at < text.length()) {
            at = size.token(at);
            size.require();
        }
    }

    /** Counts what begins here, and says where the next begins. */
    private int token(int at) {
        char c = text.charAt(at);
        if (text.startsWith("//", at)) {
            return endOfLine(at);
        }
        if (c == '"') {
            return endOfString(at);
        }
        if (isLetter(c)) {
            return word(at);
        }
        switch (c) {
            case '(', '[', '{' -> {
                depth++;
                operators++;
            }
            case ')', ']', '}' -> depth = Math.max(0, depth - 1);
            case ';' -> endOfRule();
            default -> {
                if ("&|=!<>+-*/%.".indexOf(c) >= 0) {
                    operators++;
                    return at + (isPair(at) ? 2 : 1);
                }
            }
        }
        return at + 1;
    }

    private boolean isPair(int at) {
        return text.startsWith("&&", at)
                || text.startsWith("||", at)
                || (text.startsWith("=", at + 1) && "=!<>".indexOf(text.charAt(at)) >= 0);
    }

    private int endOfLine(int at) {
        int end = at;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    /** The place after the string; after its quote if it is never closed, so that nothing hides behind it. */
    private int endOfString(int at) {
        for (int i = at + 1; i < text.length() && !unclosed; i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++;
            }
        }
        unclosed = true;
        return at + 1;
    }

    private int word(int at) {
        int end = at;
        while (end < text.length() && (isLetter(text.charAt(end)) || Character.isDigit(text.charAt(end)))) {
            end++;
        }
        String word = text.substring(at, end);
        if (word.equals("if")) {
            ifs++;
        } else if (WORDS.contains(word)) {
            operators++;
        }
        return end;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private void endOfRule() {
        if (depth == 0) {
            ifs = 0;
            operators = 0;
        }
    }

    private void require() throws FormatException {
        if (depth > DEPTH_MAX) {
            throw new FormatException("policy-depth", "more than " + DEPTH_MAX + " brackets are open at one place");
        }
        if (ifs > IFS_MAX) {
            throw new FormatException(
                    "policy-size", "one rule has more than " + IFS_MAX + " ifs; make two rules of it");
        }
        if (operators > OPERATORS_MAX) {
            throw new FormatException(
                    "policy-size",
                    "one rule has more than " + OPERATORS_MAX
                            + " operators, dots and opening brackets; make two rules of it");
        }
    }
}
