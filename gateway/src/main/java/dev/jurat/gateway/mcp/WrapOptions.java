package dev.jurat.gateway.mcp;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
    static final String HELP = """
            usage: jurat mcp wrap --agent NAME [OPTION]... -- COMMAND...

            Puts a stdio MCP server behind Jurat. A client starts this in place of COMMAND.

              --agent NAME             in whose name calls are made: jurat agent enroll NAME
              --observe                record only; stop nothing
              --root DIR               a folder that the server may touch (default: as the tool profile finds it)
              --profile NAME           the tool profile (default: the one that knows the command)
              --env NAME=CREDENTIAL    a variable of the server, from a file of that name in $JURAT_HOME/credentials
              --env NAME               the same, from this process's environment; no other variables reach the server
              --hold SECONDS           how long a call waits for people (default: 25)
              --socket PATH            the node's socket (default: $JURAT_HOME/data/node.sock, started where none runs)
              -h, --help               show this help

            Exit status: the server's own; 64 arguments that cannot be used; 66 a server, credential or file that is not there or not
            as it must be; 69 no node answers (or no JDK); 70 Jurat's own fault; 77 the node refuses this agent or point.
            """;
    private static final String AGENT = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";
    private static final String CREDENTIAL = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
    private static final long HOLD_SECONDS = 25;

    /** Whether an option of the wrapper, and not of the server's command, asks for help. */
    static boolean asksForHelp(List<String> arguments) {
        return arguments.stream().takeWhile(a -> !a.equals("--")).anyMatch(a -> a.equals("--help") || a.equals("-h"));
    }

    static WrapOptions parse(List<String> arguments) throws WrapException {
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

        WrapOptions parse() throws WrapException {
            while (at < arguments.size() && !arguments.get(at).equals("--")) {
                option(arguments.get(at++));
            }
            if (!agent.matches(AGENT)) {
                throw WrapException.usage(
                        "--agent NAME is missing, or NAME has other characters than letters, digits, dot, dash and underscore");
            }
            List<String> command =
                    at < arguments.size() ? List.copyOf(arguments.subList(at + 1, arguments.size())) : List.of();
            if (command.isEmpty()) {
                throw WrapException.usage("the server's command is missing after --");
            }
            return new WrapOptions(
                    agent, observe, socket, List.copyOf(roots), profile, Map.copyOf(credentials), hold, command);
        }

        private void option(String name) throws WrapException {
            switch (name) {
                case "--agent" -> agent = value(name);
                case "--observe" -> observe = true;
                case "--socket" -> socket = Optional.of(Path.of(value(name)));
                case "--root" -> roots.add(folder(value(name)));
                case "--profile" -> profile = Optional.of(value(name));
                case "--env" -> credential(value(name));
                case "--hold" -> hold = seconds(value(name));
                default -> throw WrapException.usage("unknown option " + name);
            }
        }

        private String value(String name) throws WrapException {
            if (at >= arguments.size() || arguments.get(at).equals("--")) {
                throw WrapException.usage(name + " wants a value");
            }
            return arguments.get(at++);
        }

        private static Path folder(String text) throws WrapException {
            try {
                Path folder = Path.of(text);
                if (Files.isDirectory(folder)) {
                    return folder;
                }
            } catch (InvalidPathException e) {
                // Told as below.
            }
            throw WrapException.usage("--root wants a folder, and there is none: " + text);
        }

        private void credential(String text) throws WrapException {
            int cut = text.indexOf('=');
            String variable = cut < 0 ? text : text.substring(0, cut);
            String credential = cut < 0 ? "" : text.substring(cut + 1);
            boolean sound = variable.matches(VARIABLE) && (cut < 0 || credential.matches(CREDENTIAL));
            if (!sound) {
                throw WrapException.usage("--env takes NAME, or NAME=CREDENTIAL, the name of a file in the keystore");
            }
            credentials.put(variable, credential);
        }

        private static Duration seconds(String text) throws WrapException {
            if (!text.matches("[0-9]{1,4}")) {
                throw WrapException.usage("--hold wants seconds");
            }
            return Duration.ofSeconds(Long.parseLong(text));
        }
    }
}
