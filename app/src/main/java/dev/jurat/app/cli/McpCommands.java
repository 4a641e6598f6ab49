package dev.jurat.app.cli;

import dev.jurat.app.client.ClientException;
import dev.jurat.proof.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(
        name = "mcp",
        description = "MCP servers behind Jurat.",
        subcommands = {McpCommands.Wrap.class, McpInstall.class, McpList.class, McpShow.class})
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
            Failure failure = Failure.input(
                    "launcher",
                    "mcp wrap has to be the first words after the launcher's name: it speaks MCP, and has no --json",
                    "jurat mcp wrap --help");
            return dev.jurat.app.cli.Command.tell(Screen.standard(false, List.of()), failure);
        }
    }

    /** A command about the configurations of clients. */
    abstract static class Clients extends dev.jurat.app.cli.Command {
        @Override
        final Exit run(Screen screen) throws IOException, FormatException {
            try {
                return edit(screen);
            } catch (ClientException e) {
                throw Failure.input(e.code(), String.valueOf(e.getMessage()), e.next());
            }
        }

        abstract Exit edit(Screen screen) throws IOException, FormatException, ClientException;
    }
}
