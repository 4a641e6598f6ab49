package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import picocli.CommandLine.Command;

@Command(name = "status", description = "What the node is, what decides on it, and what an attacker could do there.")
final class StatusCommand extends NodeCommand {
    @Override
    Exit run(Screen screen, JuratClient node) throws NodeException {
        Json.Obj status = node.status();
        if (screen.json()) {
            screen.value(status);
            return Exit.DONE;
        }
        View.lines(screen, status.without("warnings"), "");
        for (Json warning : View.list(status, "warnings")) {
            String next = View.text(warning, "next");
            String text = View.text(warning, "code") + ": " + View.text(warning, "text")
                    + (next.isEmpty() ? "" : " (" + screen.next().commands(next) + ")");
            screen.line(screen.tone(Screen.Tone.WARN, "! " + Screen.clean(text)));
        }
        return Exit.DONE;
    }
}
