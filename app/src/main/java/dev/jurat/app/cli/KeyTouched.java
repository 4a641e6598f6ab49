package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "touched",
        description = "Everything that rests on a key: what it and its sessions signed, and what was granted to these.")
final class KeyTouched extends NodeCommand {
    @Parameters(
            paramLabel = "NAME",
            description = "An agent's or a person's name, a principal id, or: point (this folder's).")
    String name = "";

    @Option(names = "--key", paramLabel = "KEY", description = "Which of its keys (default: the newest).")
    Optional<String> key = Optional.empty();

    @Option(names = "--since", paramLabel = "LEAF", description = "From which leaf on (default: all).")
    long since;

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Json found = Principals.find(this, node, name);
        TouchedPages pages = TouchedPages.of(
                node, View.text(found, "principal"), key.orElse(View.text(found, "key")), Math.max(0, since));
        if (screen.json()) {
            screen.value(pages.touched().toJson());
        } else {
            pages.show(screen);
            screen.next("jurat key compromise " + Next.quoted(name) + " --reason TEXT");
        }
        return Exit.DONE;
    }
}
