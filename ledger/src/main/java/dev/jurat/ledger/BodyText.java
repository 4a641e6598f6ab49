package dev.jurat.ledger;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a body says something: in its text, or in bytes that it has as base64, such as arguments, or the bodies of refused records and what
 * those have as base64.
 *
 * <p>Reads no format, so that nothing which is of none, or of a later one, is passed over.
 */
final class BodyText {
    private static final int DEPTH_MAX = 5;
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{4,}={0,2}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))", Pattern.DOTALL);

    private final String wanted;

    BodyText(String wanted) {
        this.wanted = plain(wanted.strip());
    }

    boolean isIn(byte[] bytes) {
        return isIn(bytes, 0);
    }

    private boolean isIn(byte[] bytes, int depth) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (plain(text).contains(wanted) || plain(unescaped(text)).contains(wanted)) {
            return true;
        }
        if (depth == DEPTH_MAX) {
            return false;
        }
        Matcher runs = BASE64.matcher(text);
        while (runs.find()) {
            if (isIn(decoded(runs.group()), depth + 1)) {
                return true;
            }
        }
        return false;
    }

    /** The bytes of a run that may be base64 of either alphabet; none where it is not. */
    private static byte[] decoded(String run) {
        String one = run.replace('-', '+').replace('_', '/').replace("=", "");
        try {
            return Base64.getDecoder().decode(one);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        return ESCAPE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null
                                ? Character.toString(Integer.parseInt(found.group(1), 16))
                                : found.group(2)));
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
