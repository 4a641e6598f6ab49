package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Action;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Clock;
import dev.jurat.proof.record.RecordId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether outcomes came in time ({@code docs/spec/bundle.md} §6, step 10).
 *
 * <p>Security property: clocks only rise, so a leaf's clock lies between the last one shown before it and the first one shown after it; it
 * is the former only where no leaf is missing in between. The mistake that looks right but is not: judging by the last clock that is
 * there, in a bundle whose bringer chose which are. Immutable.
 */
final class Timeliness {
    private final Records records;
    private final Map<RecordId, Set<Flag>> flags;
    private final Set<Long> unsure = new HashSet<>();

    Timeliness(Records records, Map<RecordId, Set<Flag>> flags) {
        this.records = records;
        this.flags = flags;
        long next = 0;
        boolean sure = true;
        for (Leaf leaf : records.all()) {
            sure = sure && leaf.index() == next;
            if (!sure) {
                unsure.add(leaf.index());
            }
            sure |= leaf.kind() == Kind.CLOCK;
            next = leaf.index() + 1;
        }
    }

    Timing of(Action.Use use, Leaf outcome) {
        long span = use.leaf().record().statement().facts() instanceof ExecutionFacts.Use facts
                ? facts.goByMillis() + facts.outcomeByMillis()
                : 0;
        boolean afterwards = latest(use.leaf())
                .flatMap(from -> least(outcome).map(at -> isBeyond(from, at, span)))
                .orElse(false);
        if (afterwards || wasOpen(use, outcome)) {
            return Timing.LATE;
        }
        boolean before = least(use.leaf())
                .flatMap(from -> latest(outcome).map(at -> !isBeyond(from, at, span)))
                .orElse(false);
        boolean seen = records.byId(outcome.header().seen()).isPresent();
        boolean flagged = flags.getOrDefault(outcome.id(), Set.of()).contains(Flag.LATE);
        return before && seen && !flagged ? Timing.IN_TIME : Timing.ASSERTED;
    }

    /** Whether the use stood as incomplete or unknown by then. */
    private static boolean wasOpen(Action.Use use, Leaf outcome) {
        return use.incompletes().stream().anyMatch(i -> i.index() < outcome.index())
                || use.outcomes().stream().anyMatch(o -> o.index() < outcome.index() && isUnknown(o));
    }

    private static boolean isUnknown(Leaf leaf) {
        return leaf.record().statement().facts() instanceof ExecutionFacts.Outcome facts
                && facts.result() == Result.UNKNOWN;
    }

    private static boolean isBeyond(Clock from, Clock at, long span) {
        return at.earliest() > from.latest() + span;
    }

    /** The clock that a leaf was judged by, at the least. */
    private Optional<Clock> least(Leaf leaf) {
        return records.clockBefore(leaf.index()).flatMap(Timeliness::clock);
    }

    /** The clock that a leaf was judged by, at the most. */
    private Optional<Clock> latest(Leaf leaf) {
        return unsure.contains(leaf.index())
                ? records.clockAfter(leaf.index()).flatMap(Timeliness::clock)
                : least(leaf);
    }

    private static Optional<Clock> clock(Leaf leaf) {
        return leaf.record().statement().facts() instanceof LedgerFacts.Clock clock
                ? Optional.of(clock)
                : Optional.empty();
    }
}
