package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "touched",
        description =
                "Everything that rests on a key: what it and its sessions signed, what was granted to these or on its approval, and what it did for others.")
final class KeyTouched extends NodeCommand {
    @Parameters(
            paramLabel = "NAME",
            description = "An agent's or a person's name, a principal id, or: point (this folder's).")
    String name = "";

    @Option(names = "--key", paramLabel = "KEY", description = "Which of its keys (default: the newest).")
    Optional<String> key = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "LEAF|TIME",
            description = "From which leaf on, or from which time on by the log's clock (default: all).")
    LeafOrTime since = new LeafOrTime("0");

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Json found = Principals.find(this, node, name);
        String asked = key.orElse(View.text(found, "key"));
        TouchedPages pages = TouchedPages.of(node, View.text(found, "principal"), asked, since.leaf(node));
        List<String> later = later(found, asked);
        if (screen.json()) {
            TreeMap<String, Json> members = new TreeMap<>(pages.toJson().members());
            members.putAll(JsonBuilder.object().strings("later", later).build().members());
            screen.value(new Json.Obj(members));
        } else {
            pages.show(screen);
            pages.showLive(screen);
            for (String one : later) {
                screen.line("A key came after it, and is a list of its own: jurat key touched " + Next.quoted(name)
                        + " --key " + one);
            }
            screen.next("jurat key compromise " + Next.quoted(name) + " --reason TEXT");
        }
        return Exit.DONE;
    }

    /** The keys that followed: whoever had this one may have brought them. */
    private static List<String> later(Json principal, String asked) {
        List<String> all = View.list(principal, "keys").stream()
                .map(one -> View.text(one, "key"))
                .toList();
        return all.subList(all.indexOf(asked) + 1, all.size());
    }
}
