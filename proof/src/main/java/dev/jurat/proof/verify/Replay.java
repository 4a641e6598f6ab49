package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Intake;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.KeptRecords;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
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
    private final Lifecycle lifecycle;
    private final Map<RecordId, Set<Flag>> flags = new HashMap<>();
    private final List<Gap> gaps = new ArrayList<>();

    Replay(Bundle bundle, SignatureChecker checker, Defects defects) {
        this.bundle = bundle;
        this.checker = checker;
        this.lifecycle = new Lifecycle(checker);
        this.defects = defects;
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
        Optional<Rule> fault = fault(leaf);
        skipGap(leaf, records);
        switch (lifecycle.judge(new Candidate(leaf.record(), fault))) {
            case Judgement.Admitted admitted -> {
                if (!admitted.flags().isEmpty()) {
                    flags.put(leaf.id(), admitted.flags());
                }
            }
            case Judgement.Refused refused -> refuse(leaf, refused.rule());
            case Judgement.PushedBack pushed -> refuse(leaf, pushed.rule());
            case Judgement.Present ignored ->
                defects.add("record-twice", leaf, "the same record stands in the log before");
            case Judgement.Conflicting ignored ->
                defects.add("record-conflict", leaf, "another record has this number of the stream");
        }
        fault.filter(rule -> !defects.of(leaf).equals(Optional.of(rule.code())))
                .ifPresent(rule -> defects.add(rule.code(), leaf, "the body is not what the statement commits to"));
    }

    private void refuse(Leaf leaf, Rule rule) {
        defects.add(rule.code(), leaf, "admission rule " + rule.number() + " does not let this record in");
    }

    /** The fault of a body that is there; a body that is gone has none. */
    private Optional<Rule> fault(Leaf leaf) {
        byte[] bytes = bundle.bodies().get(leaf.index());
        if (bytes == null) {
            return Optional.empty();
        }
        Optional<Rule> fault = Intake.bodyFault(
                leaf.record(),
                Optional.of(bytes),
                id -> lifecycle.identity(id).map(i -> i.facts().grant()));
        return fault.isPresent() ? fault : KeptRecords.forged(leaf.record(), bytes, this::keyOf, checker);
    }

    private Optional<VerifyKey> keyOf(Stream stream) {
        return lifecycle.head(stream).map(Lifecycle.StreamHead::key);
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
