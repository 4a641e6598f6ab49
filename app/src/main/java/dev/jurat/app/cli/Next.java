package dev.jurat.app.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The command that comes next, so that it can be pasted: with the folders that were given to this one, and never without a command.
 *
 * <p>Made from the words that were typed.
 */
final class Next {
    /** Stands in a text for the command that was typed, word for word. */
    static final String SAME = "{same}";

    /** Stands for the same without its home, for a text that goes on with another. */
    static final String ELSEWHERE = "{elsewhere}";

    /** Commands that ask no node and read no home. */
    static final Set<String> ALONE =
            Set.of("verify", "demo", "policy test", "bundle list", "bundle show", "signer check");

    /** Commands that read the home and ask no node. */
    static final Set<String> HOME_ONLY = Set.of(
            "operator show",
            "mcp install",
            "mcp list",
            "mcp show",
            "log audit",
            "log registry",
            "assess ag-016",
            "witness serve",
            "signer init",
            "signer make",
            "signer next",
            "signer list",
            "signer show",
            "signer destroy",
            "signer serve",
            "signer use",
            "signer attest");

    private static final String HOME = " --home ";
    private static final String NOUNS =
            "assess|agent|operator|key|policy|profile|configuration|bundle|log|mcp|witness|signer";
    private static final Pattern COMMAND = Pattern.compile(
            "\\bjurat ((?:" + NOUNS + ") [a-z]+(?:-[0-9]+)?|up|doctor|status|pending|approve|deny|revoke|search|show"
                    + "|trace|verify|demo)\\b(?! --help)( --home (?:'[^']*'|\\S+))?");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%+=:,./_-]+");

    private final List<String> words;

    private Next(List<String> words) {
        this.words = List.copyOf(words);
    }

    static Next of(List<String> words) {
        return new Next(words);
    }

    /** The text with this command's folders in each command that reads them; where it has no command, with one that helps. */
    String complete(String text) {
        if (text.contains(SAME) || text.contains(ELSEWHERE)) {
            return commands(text).replace(SAME, typed(words)).replace(ELSEWHERE, typed(homeless()));
        }
        if (text.isEmpty()) {
            return help();
        }
        return text.contains("jurat ") ? commands(text) : text.replaceFirst("\\.$", "") + "; see " + help();
    }

    /** The text with this command's folders in each command that reads them; a home that is named there already stays. */
    String commands(String text) {
        Matcher found = COMMAND.matcher(text);
        return found.replaceAll(match -> Matcher.quoteReplacement(withFolders(match.group(1), match.group(2))));
    }

    private String withFolders(String command, @Nullable String named) {
        String home = named != null
                ? named.substring(HOME.length())
                : folder("--home").map(Next::quoted).orElse("");
        String data = folder("--data").map(Next::quoted).orElse("");
        if (ALONE.contains(command)) {
            return "jurat " + command;
        }
        if (command.equals("mcp wrap")) {
            String socket = folder("--data")
                    .map(d -> " --socket " + quoted(d + "/node.sock"))
                    .orElse("");
            return (home.isEmpty() ? "" : "JURAT_HOME=" + home + " ") + "jurat " + command + socket;
        }
        return "jurat " + command + (home.isEmpty() ? "" : " --home " + home)
                + (data.isEmpty() || HOME_ONLY.contains(command) ? "" : " --data " + data);
    }

    private static String typed(List<String> words) {
        return "jurat " + String.join(" ", words.stream().map(Next::quoted).toList());
    }

    private List<String> homeless() {
        List<String> rest = new ArrayList<>(words);
        int at = rest.indexOf("--home");
        if (at >= 0 && at + 1 < rest.size()) {
            rest.subList(at, at + 2).clear();
        }
        rest.removeIf(word -> word.startsWith("--home="));
        return rest;
    }

    private String help() {
        List<String> command = new ArrayList<>(List.of("jurat"));
        for (String word : words) {
            boolean verb = command.size() == 1
                    || (command.size() == 2 && command.getLast().matches(NOUNS));
            if (!verb || !word.matches("[a-z]+(-[a-z0-9]+)*")) {
                break;
            }
            command.add(word);
        }
        return String.join(" ", command) + " --help";
    }

    /** A folder that was given, as an absolute path. */
    private Optional<String> folder(String option) {
        for (int i = 0; i < words.size() && !words.get(i).equals("--"); i++) {
            if (words.get(i).equals(option) && i + 1 < words.size()) {
                return absolute(words.get(i + 1));
            }
            if (words.get(i).startsWith(option + "=")) {
                return absolute(words.get(i).substring(option.length() + 1));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> absolute(String folder) {
        try {
            return Optional.of(Path.of(folder).toAbsolutePath().normalize().toString());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** A word as a shell takes it. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
