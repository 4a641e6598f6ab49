package dev.jurat.app.cli;

import dev.jurat.app.client.ClientFile;
import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

@Command(
        name = "mcp",
        description = "MCP servers behind Jurat.",
        subcommands = {McpCommands.Wrap.class, McpCommands.Install.class})
final class McpCommands extends Noun {
    @Command(
            name = "wrap",
            description = "Puts a stdio MCP server behind Jurat: jurat mcp wrap --agent NAME [--observe] -- COMMAND…",
            mixinStandardHelpOptions = false)
    static final class Wrap implements java.util.concurrent.Callable<Integer> {
        @Unmatched
        List<String> rest = new ArrayList<>();

        @Override
        public Integer call() {
            throw new IllegalStateException("the launcher starts the wrapper by itself");
        }
    }

    @Command(
            name = "install",
            description =
                    "Edits a client's configuration so that one of its servers runs behind Jurat. A copy stays beside the file.")
    static final class Install extends dev.jurat.app.cli.Command {
        @Parameters(
                arity = "0..1",
                paramLabel = "SERVER",
                description = "The server's name in the file (default: the only one).")
        Optional<String> server = Optional.empty();

        @Option(
                names = "--client",
                paramLabel = "NAME",
                description = "claude (Claude Code) or claude-desktop (default: claude).")
        String client = "claude";

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The file to edit, where it is not the client's usual one.")
        Optional<Path> config = Optional.empty();

        @Option(names = "--agent", paramLabel = "NAME", description = "The agent's name (default: the client's).")
        Optional<String> agent = Optional.empty();

        @Option(names = "--observe", description = "Record only; stop nothing.")
        boolean observe;

        @Option(names = "--undo", description = "Put the server's own entry back.")
        boolean undo;

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            Path path = config.orElseGet(this::usual);
            if (!Files.exists(path)) {
                throw Failure.input("client-file", "there is no " + path, "name the file with --config FILE");
            }
            ClientFile file = new ClientFile(path, home());
            String name = server.isPresent() ? server.get() : only(file);
            if (undo) {
                file.undo(name);
                return told(screen, name, path, Optional.empty());
            }
            Map<String, String> credentials = keep(name, file.environment(name));
            return told(
                    screen,
                    name,
                    path,
                    Optional.of(file.wrap(
                            name,
                            launcher(),
                            homeFolder.map(f -> f.toAbsolutePath().normalize()),
                            credentials,
                            this::arguments)));
        }

        private Path usual() {
            Path user = Path.of(System.getProperty("user.home"));
            boolean mac = System.getProperty("os.name").startsWith("Mac");
            return switch (client) {
                case "claude" -> user.resolve(".claude.json");
                case "claude-desktop" ->
                    user.resolve(mac ? "Library/Application Support/Claude" : ".config/Claude")
                            .resolve("claude_desktop_config.json");
                default ->
                    throw Failure.input(
                            "client-unknown", "no client " + client + " is known", "--client claude, or --config FILE");
            };
        }

        private static String only(ClientFile file) throws IOException, FormatException {
            List<String> servers = file.servers();
            if (servers.size() != 1) {
                throw Failure.input("client-server", "the file has these servers: " + servers, "add the name of one");
            }
            return servers.getFirst();
        }

        private static String launcher() {
            String launcher = System.getProperty("jurat.launcher");
            if (launcher == null) {
                throw Failure.input("launcher", "it is not known where jurat is", "run this through ./jurat");
            }
            return launcher;
        }

        /** Takes the values out of the client's file into the keystore; the wrapper is told their names. */
        private Map<String, String> keep(String name, Map<String, String> environment) throws IOException {
            Map<String, String> names = new LinkedHashMap<>();
            for (Map.Entry<String, String> variable : environment.entrySet()) {
                String kept = ("client-" + name + "." + variable.getKey()).replaceAll("[^A-Za-z0-9._-]", "_");
                PrivateFiles.folder(home().credentials());
                PrivateFiles.write(
                        home().credentials().resolve(kept), variable.getValue().getBytes(StandardCharsets.UTF_8));
                names.put(variable.getKey(), kept);
            }
            return names;
        }

        private List<String> arguments(String command, List<String> arguments, Map<String, String> credentials) {
            List<String> out = new ArrayList<>(List.of("mcp", "wrap", "--agent", agent.orElse(client)));
            if (observe) {
                out.add("--observe");
            }
            credentials.forEach((variable, kept) -> out.addAll(List.of("--env", variable + "=" + kept)));
            out.add("--");
            out.add(command);
            out.addAll(arguments);
            return out;
        }

        private Exit told(Screen screen, String name, Path path, Optional<Path> copy) {
            if (screen.json()) {
                JsonBuilder out = JsonBuilder.object()
                        .put("file", path.toString())
                        .put("server", name)
                        .put("wrapped", copy.isPresent());
                screen.value(out.build());
            } else if (copy.isPresent()) {
                screen.line(
                        name + " runs behind Jurat from the client's next start on. The file as it was: " + copy.get());
                screen.line("  next: restart the client; then jurat search   (undo: jurat mcp install --undo " + name
                        + ")");
            } else {
                screen.line(name + " is as it was before.");
            }
            return Exit.DONE;
        }
    }
}
