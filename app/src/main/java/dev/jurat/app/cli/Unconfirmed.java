package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Agents and points that are known on their own word alone. Until an administrator confirms them, a policy that decides refuses each call of
 * such an agent, and bundles say of such a point that nobody vouched for it.
 */
final class Unconfirmed {
    private final List<Json> all;

    private Unconfirmed(List<Json> all) {
        this.all = List.copyOf(all);
    }

    /** Who is to be confirmed on this node, each with the command; nobody while it is unclaimed. */
    static Unconfirmed of(NodeCommand command, JuratClient node) throws NodeException, IOException, FormatException {
        List<Json> found = new ArrayList<>();
        if (node.head().claimed()) {
            List<Json> principals = View.list(node.get("/v1/principals"), "principals");
            for (Json principal : principals) {
                if (View.at(principal, "self-enrolled").equals(Json.of(true))) {
                    String id = View.text(principal, "principal");
                    String name = Principals.shortName(command.home(), principals, id);
                    found.add(JsonBuilder.object()
                            .put("name", View.text(principal, "name"))
                            .put("next", "jurat agent confirm " + name)
                            .put("principal", id)
                            .put("roles", View.at(principal, "roles"))
                            .build());
                }
            }
        }
        found.sort(Comparator.comparing(Unconfirmed::isPoint));
        return new Unconfirmed(found);
    }

    private static boolean isPoint(Json one) {
        return View.list(one, "roles").contains(Json.of("point"));
    }

    Json.Arr toJson(Screen screen) {
        return new Json.Arr(all.stream()
                .<Json>map(one ->
                        ((Json.Obj) one).with("next", Json.of(screen.next().commands(View.text(one, "next")))))
                .toList());
    }

    /** One line for each, with its command. */
    void show(Screen screen) {
        if (all.isEmpty()) {
            return;
        }
        screen.line(screen.tone(Screen.Tone.WARN, "Enrolled by themselves, and yours to confirm:"));
        all.forEach(one -> screen.line("  " + Screen.clean(screen.next().commands(View.text(one, "next")))
                + (isPoint(one) ? "   (bundles say so until then)" : "   (its calls are refused until then)")));
    }

    /** The command for the first of them, or another where there is none. */
    String next(String otherwise) {
        return all.isEmpty() ? otherwise : View.text(all.getFirst(), "next");
    }
}
