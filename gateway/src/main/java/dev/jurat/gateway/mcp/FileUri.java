package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.LexicalPath;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URI that may name a file: one with the scheme {@code file} in any letter case, or text that has no scheme.
 *
 * <p>Security property: what some reader may open as a file is a path here, or is refused; readers drop tabs and spaces, decode escapes and
 * cut at {@code ?} and {@code #}, so text with any of these has no scheme, or is no path.
 *
 * <p>Spec: {@code docs/spec/mcp.md}, section 5.
 */
final class FileUri {
    private static final Pattern OTHER = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]+):.*");
    private static final Pattern FILE =
            Pattern.compile("(?i:file):(?://(?i:localhost)?)?(/(?!/)[^?#\\x00-\\x20\\x7f]*)");

    private FileUri() {}

    static boolean isOne(String uri) {
        Matcher other = OTHER.matcher(uri);
        return !other.matches() || other.group(1).toLowerCase(Locale.ROOT).equals("file");
    }

    /** The path that it names; codes of {@link LexicalPath}. */
    static LexicalPath path(String uri, Optional<LexicalPath> base) throws FormatException {
        Matcher file = FILE.matcher(uri);
        String text = file.matches() ? file.group(1) : uri;
        return base.isPresent() ? LexicalPath.parse(text, base.get()) : LexicalPath.parse(text);
    }
}
