package dev.jurat.app.client;

import dev.jurat.proof.crypto.Hash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How a server is to run behind Jurat.
 *
 * @param client its name, as {@code --client} takes it
 * @param launcher the absolute path of {@code jurat}
 * @param home what the wrapper is to have as {@code JURAT_HOME}; empty for the usual one
 */
public record Wrapping(String client, String launcher, Optional<Path> home, String agent, boolean observe) {
    /** With what the names of credentials that were taken out of clients' files begin. */
    static final String PREFIX = "client-";

    private static final String HOME = "JURAT_HOME";
    private static final Pattern AGENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]*}");
    private static final Pattern REFERENCES = Pattern.compile("\\$\\{[A-Za-z_][^}]*}");
    private static final Pattern DEFAULTED = Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]*:-[^}]*}");
    private static final int VALUE_BYTES_MAX = (128 << 10) - 1;

    /** The wrap of a server with this entry of its own. */
    Wrap wrap(Place place, String server, ServerEntry own, byte[] before, String indent) throws ClientException {
        if (!AGENT.matcher(agent).matches()) {
            throw new ClientException(
                    "name-syntax",
                    "an agent's name has letters, digits, dot, hyphen and underscore, and begins with a letter or digit",
                    "--agent NAME");
        }
        Map<String, String> credentials = new TreeMap<>();
        Map<String, String> environment = new LinkedHashMap<>();
        home.ifPresent(folder -> environment.put(HOME, folder.toString()));
        for (Map.Entry<String, String> variable : own.environment().entrySet()) {
            check(server, variable.getKey(), variable.getValue());
            boolean reference = isReference(variable.getValue());
            credentials.put(
                    variable.getKey(), reference ? "" : credential(Wrap.id(place, server), server, variable.getKey()));
            if (reference) {
                environment.put(variable.getKey(), variable.getValue());
            }
        }
        byte[] after = own.spelt(launcher, arguments(own, credentials), environment, indent)
                .getBytes(StandardCharsets.UTF_8);
        return new Wrap(client, place, server, agent, observe, credentials, before, List.of(after));
    }

    /** Refuses what the wrapper would refuse when the client starts it, or what would reach the server otherwise than before. */
    private void check(String server, String name, String value) throws ClientException {
        if (!VARIABLE.matcher(name).matches()) {
            throw new ClientException(
                    "client-variable",
                    "the variable " + name + " of " + server
                            + " has other characters than letters, digits and underscore",
                    "rename it, or start the server through a script that sets it");
        }
        if (value.indexOf('\0') >= 0 || value.getBytes(StandardCharsets.UTF_8).length > VALUE_BYTES_MAX) {
            throw new ClientException(
                    "client-variable",
                    "the value of " + name + " of " + server + " cannot be a variable's: a zero byte, or over 128 KiB",
                    "mend it in the client's file");
        }
        if (client.equals("claude") && DEFAULTED.matcher(value).matches()) {
            throw new ClientException(
                    "client-reference",
                    "the value of " + name + " of " + server
                            + " is another variable's or a default: the wrapper knows no defaults",
                    "write ${NAME} alone, and set NAME in your environment");
        }
        boolean part = client.equals("claude") && REFERENCES.matcher(value).find() && !isReference(value);
        if (part || (isReference(value) && name.equals(HOME))) {
            throw new ClientException(
                    "client-reference",
                    "the value of " + name + " of " + server + " mixes text with the value of another variable",
                    "put the whole value into one variable of your environment, and write ${NAME} alone");
        }
    }

    /** Whether the client puts a variable of its own environment here: that is not in its file, and stays a matter of its environment. */
    private boolean isReference(String value) {
        return client.equals("claude") && REFERENCE.matcher(value).matches();
    }

    /** A name of its own for each server of each place, which a person can still read. */
    private static String credential(String id, String server, String variable) {
        String readable = cut(server.replaceAll("[^A-Za-z0-9_-]", "_")) + "." + cut(variable);
        String unique =
                Hash.of((id + "\0" + variable).getBytes(StandardCharsets.UTF_8)).hex();
        return PREFIX + readable + "." + unique.substring(0, 12);
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(40, text.length()));
    }

    private List<String> arguments(ServerEntry own, Map<String, String> credentials) {
        List<String> out = new ArrayList<>(List.of("mcp", "wrap", "--agent", agent));
        if (observe) {
            out.add("--observe");
        }
        credentials.forEach(
                (variable, kept) -> out.addAll(List.of("--env", kept.isEmpty() ? variable : variable + "=" + kept)));
        out.add("--");
        out.add(own.command());
        out.addAll(own.arguments());
        return out;
    }
}
