package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whom somebody means who types a principal: its id, the SPIFFE id that is bound to it, a name whose key is in this folder, {@code point}, or a name that only one principal of
 * the node has.
 *
 * <p>Security property: a name that principals give themselves never wins over a key file of this folder, and never where two have it.
 */
final class Principals {
    private static final String POINT = "point";

    private Principals() {}

    /** The principal, as the node tells of it. */
    static Json find(NodeCommand command, JuratClient node, String typed)
            throws IOException, NodeException, FormatException {
        List<Json> all = View.list(node.get("/v1/principals"), "principals");
        if (typed.startsWith("spiffe://")) {
            return bound(all, OutsideName.spiffe(typed));
        }
        Optional<String> id = typed.contains("/") ? Optional.of(typed) : here(command.home(), typed);
        List<Json> found = all.stream()
                .filter(p -> id.isPresent()
                        ? View.text(p, "principal").equals(id.get())
                        : View.text(p, "name").equals(typed))
                .toList();
        if (found.isEmpty()) {
            throw Failure.input("no-such-principal", "the node knows no " + typed, "jurat agent list");
        }
        if (found.size() > 1) {
            throw Failure.input(
                    "name-ambiguous",
                    "several principals call themselves " + typed + "; name one by its id",
                    "jurat agent list");
        }
        return found.getFirst();
    }

    private static Json bound(List<Json> all, OutsideName name) {
        return all.stream()
                .filter(p -> View.list(p, "outside-names")
                        .contains(Json.of(name.digest().hex())))
                .findFirst()
                .orElseThrow(() -> Failure.input(
                        "no-such-principal", "nobody is bound to " + name.text(), "jurat agent bind --help"));
    }

    /** What to type for a principal: the shortest that {@link #find} takes for it. */
    static String shortName(JuratHome home, List<Json> all, String id) throws IOException, FormatException {
        if (here(home, POINT).equals(Optional.of(id))) {
            return POINT;
        }
        for (Json principal : all) {
            String name = View.text(principal, "name");
            boolean same = View.text(principal, "principal").equals(id);
            if (same && Operators.nameAllowed(name) && !name.equals(POINT)) {
                long others = all.stream()
                        .filter(p -> View.text(p, "name").equals(name))
                        .count();
                Optional<String> file = here(home, name);
                boolean sure = file.isPresent() ? file.get().equals(id) : others == 1;
                return sure ? name : id;
            }
        }
        return id;
    }

    /** The principal whose key file in this folder has the name. */
    private static Optional<String> here(JuratHome home, String name) throws IOException, FormatException {
        if (!Operators.nameAllowed(name)) {
            throw Failure.input(
                    "name-syntax", "a name has letters, digits, dot, hyphen and underscore", "jurat agent list");
        }
        Path file = name.equals(POINT) ? home.pointKey() : home.agentKey(name);
        return Files.exists(file) ? Optional.of(Identity.read(file).principal()) : Optional.empty();
    }
}
