package dev.jurat.gateway.mcp;

import dev.jurat.sdk.JuratHome;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands that the wrapper names, so that they mean its home and its node wherever they are typed: whoever reads them has not its
 * environment.
 *
 * @param options what each has to say after its name; empty where the usual folders are meant
 */
record Commands(String options) {
    private static final Pattern COMMAND =
            Pattern.compile("\\bjurat (?:(?:agent|operator|policy|profile|log) [a-z]+|bundle export|up|doctor|status"
                    + "|pending|approve|deny|revoke|search|show|trace)\\b(?! --(?:help|home))");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%+=:,./_-]+");

    /** The commands of a home whose node is asked at a socket of another folder, if one is named. */
    static Commands of(JuratHome home, Optional<Path> socket) {
        JuratHome usual = JuratHome.of(Map.of("HOME", System.getenv().getOrDefault("HOME", "")));
        Optional<Path> data = socket.map(Path::toAbsolutePath)
                .filter(file -> file.endsWith("node.sock") && !file.equals(home.socket()))
                .map(Path::getParent);
        return new Commands((home.equals(usual) ? "" : " --home " + quoted(home.folder()))
                + data.map(folder -> " --data " + quoted(folder)).orElse(""));
    }

    /** The text with the folders in each command. */
    String complete(String text) {
        return COMMAND.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group() + options));
    }

    private static String quoted(Path folder) {
        String text = folder.toString();
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
