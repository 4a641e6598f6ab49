package dev.jurat.app.cli;

import dev.jurat.governance.policy.Floors;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Role;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Floors that nobody can reach: a policy wants more approvals than there are people who may approve.
 *
 * @param wanted the highest floor
 * @param approvers how many may approve now
 */
record TooFew(int wanted, long approvers) {
    private static final String NEXT = "jurat operator enroll --name NAME --role approver";

    static Optional<TooFew> of(JuratClient node, Floors floors) throws NodeException {
        int wanted = IntStream.of(floors.read(), floors.write(), floors.destroy(), floors.unknown())
                .max()
                .orElse(0);
        long approvers = View.list(node.get("/v1/principals"), "principals").stream()
                .filter(p -> View.list(p, "roles").contains(Json.of(Role.APPROVER.wire())))
                .filter(p -> !View.text(p, "state").equals("suspended"))
                .count();
        return wanted > approvers ? Optional.of(new TooFew(wanted, approvers)) : Optional.empty();
    }

    private String text() {
        return "calls may need " + wanted + " approvals, and " + approvers + (approvers == 1 ? " person" : " people")
                + " may approve here: such calls cannot pass";
    }

    /** As in the node's status. */
    Json.Obj toJson(Screen screen) {
        return JsonBuilder.object()
                .put("code", "approvers-too-few")
                .put("next", screen.next().commands(NEXT))
                .put("text", text())
                .build();
    }

    void show(Screen screen) {
        screen.line(screen.tone(Screen.Tone.WARN, "! approvers-too-few: " + text() + "."));
        screen.line("  for another person: " + screen.next().commands(NEXT));
    }
}
