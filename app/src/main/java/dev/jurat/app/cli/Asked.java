package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;

/**
 * A pending decision by its statement alone: enough to say no to it.
 *
 * <p>Security property: never enough to approve. Terms are a digest, and what they are the terms of stands in the body.
 *
 * @param answer what the node told of the record, its body unread
 */
record Asked(RecordId id, Json.Obj answer, AuthorityFacts.Decision facts, Grant grant) {
    static Asked of(JuratClient node, Json item) throws NodeException {
        try {
            RecordId id = RecordId.parse(View.text(item, "decision"));
            Json.Obj answer = node.record(id);
            SignedRecord decision =
                    Waiting.asked(id, View.entry(answer.without("body"))).record();
            if (!(decision.statement().facts() instanceof AuthorityFacts.Decision facts)) {
                throw Waiting.lie("what the node calls a decision is of the kind "
                        + decision.kind().wire());
            }
            return new Asked(
                    id, answer, facts, facts.grant().orElseThrow(() -> Waiting.lie("the decision proposes nothing")));
        } catch (FormatException e) {
            throw Waiting.lie(
                    "the records of this decision are not what their ids say, or out of form (" + e.code() + ")");
        }
    }

    Hash terms() {
        return grant.terms();
    }

    String actor() {
        return grant.offer().actor();
    }

    /** Shows what a denial would cover where the call cannot be shown. */
    void show(Screen screen, String why) {
        screen.line(screen.tone(Screen.Tone.STRONG, "Decision " + View.brief(id().hex()))
                + " waits, and cannot be shown rightly: " + Screen.clean(why) + ".");
        screen.line(
                "  What you would sign: no, to this decision and its terms by their digest. Nothing that is said of the call is sure.");
        screen.line("  terms  " + terms().hex());
        screen.line("  agent  " + Screen.clean(actor()) + ", by the decision's own statement");
    }

    Json.Obj toJson(String why) {
        return JsonBuilder.object()
                .put("terms", terms().hex())
                .put("unshown", why)
                .build();
    }
}
