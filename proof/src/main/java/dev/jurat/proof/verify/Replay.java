package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.LeafJudge;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.state.StateCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges every leaf of a bundle again, in order, by the one text of the rules, and each body that is there by its statement.
 *
 * <p>Every leaf must be admitted: the log holds nothing else. Not thread-safe.
 */
final class Replay {
    private final Bundle bundle;
    private final Defects defects;
    private final SignatureChecker checker;
    private final LeafJudge judge;
    private final Lifecycle lifecycle;
    private final StateCheck state;
    private final Map<RecordId, Set<Flag>> flags = new HashMap<>();
    private final List<Gap> gaps = new ArrayList<>();
    /** The leaf that follows the last one judged. */
    private long judged = 1;

    Replay(Bundle bundle, SignatureChecker checker, Defects defects) {
        this.bundle = bundle;
        this.checker = checker;
        this.judge = new LeafJudge(checker);
        this.lifecycle = judge.lifecycle();
        this.state = new StateCheck(lifecycle);
        this.defects = defects;
        if (!(bundle.scope() instanceof Scope.All)) {
            lifecycle.dangerouslyKnowsPart();
        }
    }

    Map<RecordId, Set<Flag>> flags() {
        return flags;
    }

    List<Gap> gaps() {
        return gaps;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /** Judges all; false if leaf 0 does not begin a log, so that nothing else could be judged. */
    boolean run(Records records, Set<Long> passing) {
        for (Leaf leaf : records.all()) {
            try {
                if (leaf.index() == 0) {
                    lifecycle.begin(leaf.record());
                    unwantedBody(leaf);
                } else if (passing.contains(leaf.index())) {
                    pass(leaf);
                } else {
                    judge(leaf, records);
                }
            } catch (FormatException e) {
                defects.add(e.code(), leaf, String.valueOf(e.getMessage()));
                return false;
            } catch (IllegalStateException e) {
                defects.add("replay-stopped", leaf, "the rules cannot go on from what was admitted before");
                return false;
            }
        }
        return true;
    }

    private void unwantedBody(Leaf leaf) {
        if (bundle.bodies().containsKey(leaf.index())) {
            defects.add(Rule.BODY_UNWANTED.code(), leaf, "a body of a kind that has none");
        }
    }

    /** A record that is there for its place in its stream: genuine, and following on the one before. */
    private void pass(Leaf leaf) {
        Optional<Lifecycle.StreamHead> head = lifecycle.head(leaf.stream());
        Optional<Rule> rule = head.isEmpty() ? Optional.of(Rule.STREAM_UNKNOWN) : passes(leaf, head.get());
        if (rule.isPresent()) {
            refuse(leaf, rule.get());
            return;
        }
        lifecycle.dangerouslySkip(leaf.stream(), leaf.header().sequence() + 1, leaf.id());
    }

    private Optional<Rule> passes(Leaf leaf, Lifecycle.StreamHead head) {
        SignedRecord record = leaf.record();
        if (record.header().suite() != head.key().suite()) {
            return Optional.of(Rule.SUITE_MISMATCH);
        }
        if (record.signatures().size() != 1) {
            return Optional.of(Rule.SIGNATURE_COUNT);
        }
        if (!checker.verifies(
                head.key(), record.preAuthentication(), record.signatures().getFirst())) {
            return Optional.of(Rule.SIGNATURE_INVALID);
        }
        if (leaf.header().sequence() != head.next()) {
            return Optional.of(Rule.SEQUENCE_GAP);
        }
        return leaf.header().previous().equals(head.previous())
                ? Optional.empty()
                : Optional.of(Rule.PREVIOUS_MISMATCH);
    }

    private void judge(Leaf leaf, Records records) {
        skipGap(leaf, records);
        byte[] body = bundle.bodies().get(leaf.index());
        LeafJudge.Finding finding = judge.judge(leaf.index(), leaf.record(), Optional.ofNullable(body));
        if (!finding.flags().isEmpty()) {
            flags.put(leaf.id(), finding.flags());
        }
        finding.faults().forEach(fault -> defects.add(fault.code(), leaf, fault.text()));
        if (bundle.scope() instanceof Scope.All) {
            state(leaf);
        }
    }

    /** Only who has every leaf can say what they have come to. */
    private void state(Leaf leaf) {
        if (leaf.index() != judged) {
            state.lost();
        }
        judged = leaf.index() + 1;
        state.judged(leaf.index(), leaf.record()).ifPresent(fault -> defects.add(fault.code(), leaf, fault.text()));
    }

    private void refuse(Leaf leaf, Rule rule) {
        LeafJudge.Fault fault = LeafJudge.fault(rule);
        defects.add(fault.code(), leaf, fault.text());
    }

    private void skipGap(Leaf leaf, Records records) {
        long number = leaf.header().sequence();
        Optional<Lifecycle.StreamHead> head = lifecycle.head(leaf.stream());
        if (head.isPresent() && number > head.get().next() && mayHaveGaps(leaf, records)) {
            gaps.add(new Gap(leaf.stream(), head.get().next(), number - 1));
            lifecycle.dangerouslySkip(leaf.stream(), number, leaf.header().previous());
        }
    }

    /** In a part of the log, the node's services and people have gaps; agents and points have none, nor has the stream asked for. */
    private boolean mayHaveGaps(Leaf leaf, Records records) {
        return switch (bundle.scope()) {
            case Scope.All ignored -> false;
            case Scope.Session session ->
                !records.isWhole(leaf) && !session.stream().equals(leaf.stream());
            case Scope.Action ignored -> !records.isWhole(leaf);
        };
    }
}
