package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "pending",
        description = "What waits for a person.",
        footer = {
            "",
            "What is shown as signed is computed here from the records, not taken from the node.",
            "--json: one object with all of them, whole; with --watch one object a line, each as it comes."
        })
final class PendingCommand extends NodeCommand {
    private static final long WATCH_MILLIS = 1_000;

    @Option(names = "--watch", description = "Stay, and show each as it comes. Ends with Ctrl-C.")
    boolean watch;

    @Option(names = "--all", description = "Show every value whole, however long.")
    boolean all;

    private Exit exit = Exit.DONE;

    /** The option that whoever answers needs, where this home has nobody's key and the one beside the data folder has. */
    private String home = "";

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Optional<Path> beside = homeBeside();
        if (beside.isPresent() && !Person.isHere(this, node)) {
            home = " --home " + Next.quoted(beside.get().toString());
        }
        Set<String> shown = new HashSet<>();
        Json.Obj pending = node.get("/v1/pending");
        List<Json> waiting = View.list(pending, "pending");
        if (screen.json() && !watch) {
            List<Json> whole = new ArrayList<>();
            for (Json item : waiting) {
                whole.add(whole(screen, node, item));
            }
            screen.value(JsonBuilder.object()
                    .put("pending", new Json.Arr(whole))
                    .strings("unreadable", Waiting.unreadable(pending))
                    .build());
            return exit;
        }
        show(screen, node, pending, shown);
        if (shown.isEmpty() && !screen.json()) {
            screen.line("Nothing waits for a person.");
        }
        while (watch && !System.out.checkError()) {
            pause();
            show(screen, node, node.get("/v1/pending"), shown);
        }
        return exit;
    }

    private void show(Screen screen, JuratClient node, Json.Obj pending, Set<String> shown) throws NodeException {
        for (Json item : View.list(pending, "pending")) {
            if (!shown.add(View.text(item, "decision"))) {
                continue;
            }
            if (screen.json()) {
                screen.value(whole(screen, node, item));
                continue;
            }
            String id = View.brief(Screen.clean(View.text(item, "decision")));
            try {
                Waiting.of(node, item).show(screen, new Excerpt(all));
                screen.line("  approvals " + View.text(item, "given") + " of " + View.text(item, "wanted"));
                screen.next("jurat approve" + home + " " + id + "   or: " + deny(id));
            } catch (Failure e) {
                exit = e.exit();
                boolean lie = e.code().equals(Waiting.LIE);
                cannotBeShown(screen, id, e, lie ? "; or end it by its statement alone: " + deny(id) : "");
            }
        }
        for (String decision : Waiting.unreadable(pending)) {
            if (!shown.add(decision)) {
                continue;
            }
            Failure gone = Waiting.bodyErased(decision);
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("decision", decision)
                        .put("error", gone.toJson(screen.next()))
                        .build());
            } else {
                cannotBeShown(screen, View.brief(Screen.clean(decision)), gone, "");
            }
        }
    }

    private String deny(String id) {
        return "jurat deny" + home + " " + id + " --reason TEXT";
    }

    private static void cannotBeShown(Screen screen, String id, Failure why, String or) {
        screen.line(screen.tone(Screen.Tone.STRONG, "Decision " + id) + " cannot be shown: "
                + Screen.clean(String.valueOf(why.getMessage())) + " (" + why.code() + ")");
        screen.next(why.next() + or);
    }

    /** What the node says of it, with what was checked here in place of the node's word. */
    private Json whole(Screen screen, JuratClient node, Json item) throws NodeException {
        Json.Obj out =
                item instanceof Json.Obj object ? object : JsonBuilder.object().build();
        try {
            for (Map.Entry<String, Json> member :
                    Waiting.of(node, item).toJson().members().entrySet()) {
                out = out.with(member.getKey(), member.getValue());
            }
            return out;
        } catch (Failure e) {
            exit = e.exit();
            return out.without("proposal").with("error", e.toJson(screen.next()));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(WATCH_MILLIS);
        } catch (InterruptedException e) {
            throw new Failure(Exit.DONE, "interrupted", "stopped watching", "you", "jurat pending");
        }
    }
}
