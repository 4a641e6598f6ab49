package dev.jurat.app.cli;

import dev.jurat.app.client.ClientWraps;
import dev.jurat.app.client.Place;
import dev.jurat.app.client.Wrap;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "One server that was put behind Jurat: its command, its variables by name, its agent.")
final class McpShow extends McpCommands.Clients {
    @Parameters(paramLabel = "SERVER", description = "Its name in the client's file.")
    String server = "";

    @Option(names = "--client", paramLabel = "NAME", description = "Only of this client.")
    Optional<String> client = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "Only of this file.")
    Optional<Path> config = Optional.empty();

    @Option(names = "--project", paramLabel = "DIR", description = "Only of the project in this folder.")
    Optional<Path> project = Optional.empty();

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "Only of this scope: local, project or user, as in claude mcp add.")
    Optional<Place.Scope> scope = Optional.empty();

    @Override
    Exit edit(Screen screen) throws IOException, FormatException {
        ClientWraps wraps = new ClientWraps(home());
        List<Wrap> fitting = wraps.list().stream()
                .filter(w -> w.server().equals(server)
                        && client.map(w.client()::equals).orElse(true))
                .filter(w -> project.map(w.place()::isOf).orElse(true))
                .filter(w -> config.map(w.place()::isIn).orElse(true))
                .filter(w -> scope.map(s -> s == w.place().scope()).orElse(true))
                .toList();
        Wrap wrap = one(fitting, "shown");
        Json.Obj value = value(wrap, wraps.state(wrap))
                .strings("command", wrap.command())
                .put("environment", environment(wrap))
                .strings("wrapper", wrap.wrapper())
                .build();
        if (screen.json()) {
            screen.value(value);
            return Exit.DONE;
        }
        View.lines(screen, value, "");
        return Exit.DONE;
    }

    /** The one that was meant; {@code client-not-wrapped}, {@code client-ambiguous}. */
    static Wrap one(List<Wrap> fitting, String what) {
        if (fitting.isEmpty()) {
            throw Failure.input(
                    "client-not-wrapped",
                    "Jurat changed no such server from here: nothing is " + what,
                    "jurat mcp list");
        }
        if (fitting.size() > 1) {
            List<String> places = fitting.stream()
                    .map(w -> w.server() + " of " + w.client() + " in "
                            + w.place().told())
                    .toList();
            throw Failure.input(
                    "client-ambiguous",
                    "there are: " + String.join("; ", places),
                    "add the server's name, --client NAME, --scope SCOPE, --project DIR or --config FILE");
        }
        return fitting.getFirst();
    }

    /** What list and show have in common. */
    static JsonBuilder value(Wrap wrap, Wrap.State state) {
        return JsonBuilder.object()
                .put("agent", wrap.agent())
                .put("client", wrap.client())
                .put("file", wrap.place().file().toString())
                .put("folder", wrap.place().folder().map(Json.Str::new))
                .put("observe", wrap.observe())
                .put("scope", wrap.place().scope().wire())
                .put("server", wrap.server())
                .put("state", state.wire())
                .put("undo", state.undoes());
    }

    /** The variables by name: never a value. */
    private static Json environment(Wrap wrap) {
        List<Json> out = new ArrayList<>();
        wrap.credentials().forEach((variable, kept) -> {
            JsonBuilder one = JsonBuilder.object().put("variable", variable);
            if (kept.isEmpty()) {
                one.put("from", "environment");
            } else {
                one.put("credential", kept).put("from", "keystore");
            }
            out.add(one.build());
        });
        return new Json.Arr(out);
    }
}
