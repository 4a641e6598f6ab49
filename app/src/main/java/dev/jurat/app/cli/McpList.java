package dev.jurat.app.cli;

import dev.jurat.app.client.ClientWraps;
import dev.jurat.app.client.Wrap;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "list", description = "The servers of clients that jurat mcp install put behind Jurat.")
final class McpList extends McpCommands.Clients {
    @Override
    Exit edit(Screen screen) throws IOException, FormatException {
        ClientWraps wraps = new ClientWraps(home());
        List<Wrap> all = wraps.list();
        if (screen.json()) {
            List<Json> values = new ArrayList<>();
            for (Wrap wrap : all) {
                values.add(McpShow.value(wrap, wraps.state(wrap)).build());
            }
            screen.value(JsonBuilder.object().put("wraps", new Json.Arr(values)).build());
            return Exit.DONE;
        }
        if (all.isEmpty()) {
            screen.line("No client's server was put behind Jurat from here.");
            screen.next("jurat mcp install --client claude SERVER");
            return Exit.DONE;
        }
        screen.table(
                List.of("CLIENT", "SERVER", "AGENT", "MODE", "STATE", "UNDO", "PLACE"),
                all.stream()
                        .map(w -> List.of(
                                w.client(),
                                w.server(),
                                w.agent(),
                                w.observe() ? "observe" : "enforce",
                                wraps.state(w).wire(),
                                wraps.state(w).undoes() ? "yes" : "by force",
                                w.place().told()))
                        .toList());
        return Exit.DONE;
    }
}
