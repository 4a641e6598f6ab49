package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Action;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the outcomes of a use fit it and each other. Bodies were checked against what outcomes commit to before. */
final class OutcomeCheck {
    private final Timeliness timeliness;
    private final Map<RecordId, Set<Flag>> flags;

    OutcomeCheck(Records records, Map<RecordId, Set<Flag>> flags) {
        this.timeliness = new Timeliness(records, flags);
        this.flags = flags;
    }

    OutcomeVerdict of(Action.Use use) {
        List<Leaf> own = new ArrayList<>();
        for (Leaf leaf : use.outcomes()) {
            Set<Flag> flagged = flags.getOrDefault(leaf.id(), Set.of());
            if (flagged.contains(Flag.REPEATED)) {
                return new OutcomeVerdict.Disagrees("outcome-repeated");
            }
            own.add(leaf);
        }
        if (own.isEmpty()) {
            return new OutcomeVerdict.Unknown(use.incompletes().isEmpty() ? "not-shown" : "incomplete");
        }
        Leaf last = own.getLast();
        return last.record().statement().facts() instanceof ExecutionFacts.Outcome facts
                ? of(facts, timeliness.of(use, last))
                : new OutcomeVerdict.Unknown("not-shown");
    }

    private static OutcomeVerdict of(ExecutionFacts.Outcome facts, Timing timing) {
        boolean answered = facts.result() == Result.SUCCESS || facts.result() == Result.TOOL_ERROR;
        boolean output = facts.output().isPresent() || facts.bytes() > 0;
        return switch (facts.result()) {
            case UNKNOWN -> new OutcomeVerdict.Unknown("unknown");
            case SUCCESS, TOOL_ERROR, NOT_SENT, ROLLED_BACK ->
                output && !answered
                        ? new OutcomeVerdict.Disagrees("output-unexpected")
                        : new OutcomeVerdict.Agrees(facts.result(), timing);
        };
    }
}
