package dev.jurat.ledger;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The words of a text: runs of letters and digits, in Unicode's compatible form and small letters.
 *
 * <p>A word has 2 to {@value #CHARS_MAX} characters; what is shorter or longer is none. Of one record the first {@value #WORDS_MAX} different words are
 * kept, from its first {@value #TEXT_MAX} characters of text.
 */
public final class Words {
    static final int CHARS_MAX = 64;
    static final int WORDS_MAX = 256;
    static final int TEXT_MAX = 64 << 10;

    private static final int CHARS_MIN = 2;

    private Words() {}

    /** The words of a text, in the order of the text. */
    public static Set<String> of(String text) {
        return of(List.of(text));
    }

    /** The words of texts one after the other. */
    static Set<String> of(Iterable<String> texts) {
        Set<String> found = new LinkedHashSet<>();
        int left = TEXT_MAX;
        for (String text : texts) {
            String some = text.substring(0, Math.min(left, text.length()));
            left -= some.length();
            split(Normalizer.normalize(some, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT), found);
            if (left == 0 || found.size() >= WORDS_MAX) {
                break;
            }
        }
        return found;
    }

    private static void split(String text, Set<String> found) {
        int start = -1;
        for (int at = 0; at <= text.length(); ) {
            int point = at < text.length() ? text.codePointAt(at) : ' ';
            boolean inside = at < text.length() && isOfWord(point);
            if (inside && start < 0) {
                start = at;
            } else if (!inside && start >= 0) {
                if (at - start >= CHARS_MIN && at - start <= CHARS_MAX && found.size() < WORDS_MAX) {
                    found.add(text.substring(start, at));
                }
                start = -1;
            }
            at += Character.charCount(point);
        }
    }

    private static boolean isOfWord(int point) {
        int type = Character.getType(point);
        return Character.isLetterOrDigit(point)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }
}
