package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "pending",
        description = "What waits for a person.",
        footer = {"", "--json: one object with all of them; with --watch one object a line, each as it comes."})
final class PendingCommand extends NodeCommand {
    private static final long WATCH_MILLIS = 1_000;

    @Option(names = "--watch", description = "Stay, and show each as it comes. Ends with Ctrl-C.")
    boolean watch;

    @Override
    Exit run(Screen screen, JuratClient node) throws NodeException {
        Set<String> shown = new HashSet<>();
        Json.Obj answer = node.get("/v1/pending");
        if (screen.json() && !watch) {
            screen.value(answer);
            return Exit.DONE;
        }
        List<Json> waiting = View.list(answer, "pending");
        show(screen, waiting, shown);
        if (waiting.isEmpty() && !screen.json()) {
            screen.line("Nothing waits for a person.");
        }
        while (watch) {
            pause();
            show(screen, View.list(node.get("/v1/pending"), "pending"), shown);
        }
        return Exit.DONE;
    }

    private static void show(Screen screen, List<Json> waiting, Set<String> shown) {
        for (Json item : waiting) {
            if (!shown.add(View.text(item, "decision"))) {
                continue;
            }
            if (screen.json()) {
                screen.value(item);
                continue;
            }
            String id = View.brief(View.text(item, "decision"));
            screen.line(screen.tone(Screen.Tone.STRONG, id) + "  "
                    + Screen.clean(View.text(item, "method") + " " + View.text(item, "tool") + "  by "
                            + View.text(item, "actor")));
            View.list(item, "resources").forEach(r -> screen.line("    on " + Screen.clean(View.text(r, ""))));
            screen.line("    why " + Screen.clean(View.text(item, "reason")) + ", approvals " + View.text(item, "given")
                    + " of " + View.text(item, "wanted"));
            Definition.of(item).show(screen, "    ");
            screen.line("    next: "
                    + screen.next().commands("jurat approve " + id + "   or: jurat deny " + id + " --reason TEXT"));
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
