package dev.jurat.proof.verify;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.predecessor.Predecessor;
import java.util.Optional;

/**
 * The log whose place this one has taken, as a reader is told of it.
 *
 * @param followed whether the reader comes from the old log: by a trust policy of that, so that this one is believed on the word of its
 *     administrators alone, or with that log at hand; otherwise that it is the log that the reader knows is for the reader to compare
 * @param witnesses what those say of the cited checkpoint whom the trust policy asks for; empty where it asks for none
 */
public record PredecessorFinding(Predecessor predecessor, boolean followed, Optional<Witnessed> witnesses) {
    /** Whether enough of the reader's witnesses had cosigned the old log as far as it is cited. */
    public boolean witnessed() {
        return witnesses.filter(Witnessed::enough).isPresent();
    }

    /** The same to a reader who has held it against the old log itself. */
    public PredecessorFinding held() {
        return new PredecessorFinding(predecessor, true, witnesses);
    }

    /** {@code succeeded}: from the log that the reader knows, without a gap; {@code stated}: from some log, which is shown. */
    public String continuity() {
        return followed ? "succeeded" : "stated";
    }

    /** The finding as data ({@code docs/spec/predecessor.md} §5). */
    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("continuity", continuity())
                .put("genesis", predecessor.genesis().hex())
                .put("key", predecessor.log().text())
                .put("reason", predecessor.reason().wire())
                .put("root", predecessor.cited().root().hex())
                .strings("signed", predecessor.signers())
                .put("size", predecessor.cited().size().value())
                .put("witnesses", witnesses.map(Witnessed::toJson))
                .build();
    }

    /** The finding in words. */
    public String text() {
        return "takes the place of " + predecessor.log().name() + " at "
                + predecessor.cited().size()
                + " records, root " + predecessor.cited().root().hex() + " ("
                + predecessor.reason().wire() + "), on the word of "
                + String.join(" and ", predecessor.signers()) + "; continuity: " + continuity()
                + (witnessed() ? ", witnessed" : ", predecessor-unwitnessed");
    }
}
