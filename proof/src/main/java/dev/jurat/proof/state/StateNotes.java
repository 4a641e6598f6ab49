package dev.jurat.proof.state;

import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.verify.Note;
import dev.jurat.proof.verify.TrustPolicy;
import java.util.ArrayList;
import java.util.List;

/** What a reader must not take a sound state proof for ({@code docs/spec/state.md} §6). */
final class StateNotes {
    private final List<Note> notes = new ArrayList<>();

    private StateNotes() {}

    static List<Note> of(StateReport.Accepted report) {
        StateNotes notes = new StateNotes();
        notes.trust(report.trust());
        notes.covered(report.checkpoint(), report.finding());
        return List.copyOf(notes.notes);
    }

    static List<Note> of(StateReport.Unanchored report) {
        StateNotes notes = new StateNotes();
        notes.add(
                "unanchored",
                "No trust policy was given: nothing here says whose log this is. Anyone can make such a proof.");
        notes.covered(report.checkpoint(), report.finding());
        return List.copyOf(notes.notes);
    }

    private void add(String code, String text) {
        notes.add(new Note(code, text));
    }

    private void trust(TrustPolicy trust) {
        if (trust.witnesses().isEmpty()) {
            add(
                    "operator-could-rewrite",
                    "No outside witness is asked for: whoever holds the log's key could have rewritten its history, order and time.");
        }
        if (trust.genesis().isEmpty()) {
            add(
                    "genesis-not-pinned",
                    "The trust policy does not name the log's first record; any log under this key passes.");
        }
    }

    private void covered(VerifiedCheckpoint verified, StateFinding finding) {
        long size = verified.checkpoint().size().value();
        add(
                "later-not-covered",
                "This is the state after the first " + finding.size() + " records. The checkpoint covers " + size
                        + ", and the log may have more: what came later, a revocation too, is not in it.");
        add(
                "rules-not-judged",
                "That the records came to this by the rules rests on the word of the log; whoever audits the whole log checks it.");
        if (finding.clock().isEmpty()) {
            add("time-not-shown", "There was no clock yet: nothing says when this was so, or that it was not over.");
        } else {
            add(
                    "time-operator-asserted",
                    "Times are those of the log operator's clock; no outside time evidence is in this version.");
        }
    }
}
