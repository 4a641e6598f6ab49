package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "key",
        description = "The keys of agents and people: the next one, one that is lost, one that is in other hands.",
        subcommands = {
            KeyCommands.ListAll.class,
            KeyRotate.class,
            KeyRecover.class,
            KeyCustody.class,
            KeyTouched.class,
            KeyCompromise.class
        })
final class KeyCommands extends Noun {
    @Command(name = "list", description = "The keys of a principal, the first one first, and how each stands.")
    static final class ListAll extends NodeCommand {
        @Parameters(
                paramLabel = "NAME",
                description = "An agent's or a person's name, a principal id, or: point (this folder's).")
        String name = "";

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            Json found = Principals.find(this, node, name);
            List<Json> keys = View.list(found, "keys");
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("keys", new Json.Arr(keys))
                        .put("principal", View.text(found, "principal"))
                        .build());
                return Exit.DONE;
            }
            screen.table(
                    List.of("KEY", "STATE", "SINCE LEAF", "REPORT"),
                    keys.stream()
                            .map(k -> List.of(
                                    View.text(k, "key"),
                                    state(k),
                                    View.text(k, "since"),
                                    View.brief(View.text(k, "report"))))
                            .toList());
            return Exit.DONE;
        }

        private static String state(Json key) {
            if (!View.text(key, "report").isEmpty()) {
                return "in other hands";
            }
            return View.is(key, "retired") ? "over" : "in use";
        }
    }
}
