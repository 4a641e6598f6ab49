package dev.jurat.app.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a command line that look like secrets: by the name before a value, or by the look of the value.
 *
 * <p>A guess for a warning. Nothing is safe because it is not named here, and no answer holds a value.
 */
public final class SecretArguments {
    private static final Set<String> TELLING = Set.of(
            "token", "key", "apikey", "secret", "password", "passwd", "pwd", "passphrase", "credential", "credentials");
    /** What stands beside such a word where the value is none. */
    private static final Set<String> HARMLESS = Set.of(
            "file",
            "path",
            "dir",
            "folder",
            "name",
            "id",
            "type",
            "env",
            "var",
            "variable",
            "url",
            "uri",
            "endpoint",
            "public",
            "limit",
            "length",
            "count",
            "max",
            "min",
            "ttl",
            "timeout",
            "prefix",
            "store",
            "keystore");

    private static final Pattern NAMED = Pattern.compile("(-{0,2})([A-Za-z][A-Za-z0-9_.-]*)=(.*)", Pattern.DOTALL);
    private static final Pattern OPTION = Pattern.compile("--?([A-Za-z][A-Za-z0-9_.-]*)");
    private static final Pattern WORDS = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+");
    private static final Pattern HEADER = Pattern.compile(
            "(?i)((?:proxy-)?authorization|cookie|x-[a-z-]*(?:key|token|secret)|api-?key)\\s*[:=]\\s*\\S.*");
    private static final Pattern IN_URL = Pattern.compile(
            "(?i)[a-z][a-z0-9+.-]*://(?:[^/@\\s]*:[^/@\\s]+@|[^?\\s]*\\?(?:.*&)?(?:api_?key|access_?token|token|key|secret|password)=[^&\\s]).*");
    private static final Pattern ISSUED = Pattern.compile(
            "(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|xox[a-z]-[\\w-]{10,}"
                    + "|AKIA[A-Z0-9]{12,}|AIza[\\w-]{30,}|eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*");
    private static final Pattern RANDOM =
            Pattern.compile("[0-9a-f]{32,}|[0-9A-F]{32,}|(?=.*[0-9].*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_+=-]{24,}");
    private static final Pattern NO_SECRET =
            Pattern.compile("|true|false|[0-9]{1,5}|[./~].*|\\$\\{?[A-Za-z_][A-Za-z0-9_]*(?::-.*)?}?", Pattern.DOTALL);

    private SecretArguments() {}

    /** What to call each word that looks so, such as {@code --token} or {@code argument 3}; the first word is the program and number 0. */
    public static List<String> of(List<String> command) {
        List<String> found = new ArrayList<>();
        for (int i = 1; i < command.size(); i++) {
            String word = command.get(i);
            Matcher named = NAMED.matcher(word);
            Matcher option = OPTION.matcher(command.get(i - 1));
            if (named.matches() && isSecret(named.group(2), named.group(3))) {
                found.add(named.group(1) + named.group(2));
            } else if (i > 1 && option.matches() && !word.startsWith("-") && isSecret(option.group(1), word)) {
                found.add(command.get(i - 1));
            } else if (looksSecret(word)) {
                found.add("argument " + i);
            }
        }
        return found.stream().distinct().toList();
    }

    private static boolean isSecret(String name, String value) {
        Set<String> words = new java.util.HashSet<>();
        WORDS.matcher(name).results().forEach(w -> words.add(w.group().toLowerCase(Locale.ROOT)));
        boolean telling =
                words.stream().anyMatch(TELLING::contains) && words.stream().noneMatch(HARMLESS::contains);
        return (telling && !NO_SECRET.matcher(value).matches()) || looksSecret(value);
    }

    private static boolean looksSecret(String value) {
        return ISSUED.matcher(value).matches()
                || RANDOM.matcher(value).matches()
                || (HEADER.matcher(value).matches() && !value.contains("${"))
                || (IN_URL.matcher(value).matches() && !value.contains("${"));
    }
}
