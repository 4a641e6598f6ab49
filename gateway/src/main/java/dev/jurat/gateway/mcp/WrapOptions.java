package dev.jurat.gateway.mcp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code jurat mcp wrap} was asked to do.
 *
 * @param agent the agent's name in this home's key files
 * @param observe record and let pass, under {@code observe@v1}
 * @param socket the node's socket; empty for the home's own node
 * @param roots the folders that the server may touch; empty where the tool profile finds them in the command
 * @param profile the name of the tool profile; empty where the command tells
 * @param credentials environment variables of the server, each with the name of a credential; empty text: from this process's environment
 * @param hold how long a call is held while people may approve it
 * @param command the server's command and its arguments
 */
record WrapOptions(
        String agent,
        boolean observe,
        Optional<Path> socket,
        List<Path> roots,
        Optional<String> profile,
        Map<String, String> credentials,
        Duration hold,
        List<String> command) {
    static final String USAGE =
            "usage: jurat mcp wrap --agent NAME [--observe] [--socket PATH] [--root DIR]... [--profile NAME] [--env NAME[=CREDENTIAL]]... [--hold SECONDS] -- COMMAND...";
    private static final long HOLD_SECONDS = 25;

    /** The arguments cannot be used. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static WrapOptions parse(List<String> arguments) throws UsageException {
        return new Parser(arguments).parse();
    }

    private static final class Parser {
        private final List<String> arguments;
        private final List<Path> roots = new ArrayList<>();
        private final Map<String, String> credentials = new TreeMap<>();
        private String agent = "";
        private boolean observe;
        private Optional<Path> socket = Optional.empty();
        private Optional<String> profile = Optional.empty();
        private Duration hold = Duration.ofSeconds(HOLD_SECONDS);
        private int at;

        Parser(List<String> arguments) {
            this.arguments = arguments;
        }

        WrapOptions parse() throws UsageException {
            while (at < arguments.size() && !arguments.get(at).equals("--")) {
                option(arguments.get(at++));
            }
            if (!agent.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
                throw new UsageException(
                        "--agent NAME is missing, or NAME has other characters than letters, digits, dot, dash and underscore");
            }
            List<String> command =
                    at < arguments.size() ? List.copyOf(arguments.subList(at + 1, arguments.size())) : List.of();
            if (command.isEmpty()) {
                throw new UsageException("the server's command is missing after --");
            }
            return new WrapOptions(
                    agent, observe, socket, List.copyOf(roots), profile, Map.copyOf(credentials), hold, command);
        }

        private void option(String name) throws UsageException {
            switch (name) {
                case "--agent" -> agent = value(name);
                case "--observe" -> observe = true;
                case "--socket" -> socket = Optional.of(Path.of(value(name)));
                case "--root" -> roots.add(Path.of(value(name)));
                case "--profile" -> profile = Optional.of(value(name));
                case "--env" -> credential(value(name));
                case "--hold" -> hold = seconds(value(name));
                default -> throw new UsageException("unknown option " + name);
            }
        }

        private String value(String name) throws UsageException {
            if (at >= arguments.size() || arguments.get(at).equals("--")) {
                throw new UsageException(name + " wants a value");
            }
            return arguments.get(at++);
        }

        private void credential(String text) throws UsageException {
            int cut = text.indexOf('=');
            String variable = cut < 0 ? text : text.substring(0, cut);
            String credential = cut < 0 ? "" : text.substring(cut + 1);
            boolean sound = variable.matches("[A-Za-z_][A-Za-z0-9_]*")
                    && (cut < 0 || credential.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}"));
            if (!sound) {
                throw new UsageException("--env takes NAME, or NAME=CREDENTIAL, the name of a file in the keystore");
            }
            credentials.put(variable, credential);
        }

        private static Duration seconds(String text) throws UsageException {
            if (!text.matches("[0-9]{1,4}")) {
                throw new UsageException("--hold wants seconds");
            }
            return Duration.ofSeconds(Long.parseLong(text));
        }
    }
}
