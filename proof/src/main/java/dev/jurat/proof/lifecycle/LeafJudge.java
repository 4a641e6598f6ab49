package dev.jurat.proof.lifecycle;

import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Judges leaves that stand in a log already, in order, each with its body where that is there: every one of them must be admitted, since a
 * log holds nothing else. Not thread-safe.
 */
public final class LeafJudge {
    private final SignatureChecker inBodies;
    private final Lifecycle lifecycle;

    /** What is wrong with a leaf. */
    public record Fault(String code, String text) {}

    /** The flags of a leaf, and what is wrong with it. */
    public record Finding(Set<Flag> flags, List<Fault> faults) {}

    public LeafJudge(SignatureChecker checker) {
        this(checker, checker);
    }

    /** With another checker for what stands in bodies, which an earlier reader may not have been given. */
    public LeafJudge(SignatureChecker checker, SignatureChecker inBodies) {
        this.inBodies = inBodies;
        this.lifecycle = new Lifecycle(checker);
    }

    /** The state after what was judged so far. */
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /**
     * Judges the leaf that follows; {@link IllegalStateException} where the rules cannot go on from what was admitted before.
     *
     * @param leaf where it stands
     */
    public Finding judge(long leaf, SignedRecord record, Optional<byte[]> body) {
        return judgeKnowing(leaf, record, body.flatMap(bytes -> fault(record, bytes)));
    }

    /**
     * What of the records before it the judgement of a body rests on: with the record and the body, nothing else.
     *
     * @param grant of a use, the grant of its identity, where that is known
     * @param keys of a refused or conflict record, the key of each stream that it names, where that is open
     */
    public record Before(Optional<Grant> grant, Map<Stream, Optional<VerifyKey>> keys) {
        private static final Before NOTHING = new Before(Optional.empty(), Map.of());

        public Before {
            keys = Map.copyOf(keys);
        }

        /** What these two ports know for a record. */
        public static Before of(
                SignedRecord record,
                Function<RecordId, Optional<Grant>> grantOf,
                Function<Stream, Optional<VerifyKey>> keyOf) {
            return switch (record.statement().facts()) {
                case ExecutionFacts.Use ignored ->
                    new Before(grantOf.apply(record.header().references().one("identity")), Map.of());
                case LedgerFacts.Refused refused ->
                    keys(refused.records().stream().map(LedgerFacts.RefusedRecord::stream), keyOf);
                case LedgerFacts.Conflict conflict -> keys(java.util.stream.Stream.of(conflict.stream()), keyOf);
                default -> NOTHING;
            };
        }

        private static Before keys(
                java.util.stream.Stream<Stream> streams, Function<Stream, Optional<VerifyKey>> keyOf) {
            Map<Stream, Optional<VerifyKey>> keys = new HashMap<>();
            streams.forEach(stream -> keys.put(stream, keyOf.apply(stream)));
            return new Before(Optional.empty(), keys);
        }
    }

    /** What the judgement of this record's body rests on, after what was judged so far. */
    public Before before(SignedRecord record) {
        return Before.of(
                record,
                id -> lifecycle.identity(id).map(i -> i.facts().grant()),
                stream -> lifecycle.head(stream).map(Lifecycle.StreamHead::key));
    }

    /** Whether a body of this kind is judged by its record alone, without what was admitted before. */
    public static boolean isBodyJudgedAlone(Kind kind) {
        return switch (kind) {
            case USE, REFUSED, CONFLICT -> false;
            case GENESIS, CLOCK, REFUSED_FOLD, INCOMPLETE, EXPIRY, STATE -> true;
            case KEY, SESSION, SESSION_END, POLICY, PROFILE, REVOCATION, COMPROMISE, ERASURE, HOLD -> true;
            case EXPORT, CONFIGURATION -> true;
            case INTENT, CONTEXT, DECISION, APPROVAL, CONTRACT, IDENTITY -> true;
            case OUTCOME, REFUSAL, VIOLATION, OBSERVATION -> true;
        };
    }

    /** What is wrong with a body that is judged by its record alone. Pure; thread-safe. */
    public static Optional<Rule> bodyFaultAlone(SignedRecord record, byte[] body) {
        if (!isBodyJudgedAlone(record.kind())) {
            throw new IllegalArgumentException("a body that is judged by what was admitted before");
        }
        return Intake.bodyFault(record, Optional.of(body), id -> Optional.empty());
    }

    /** What is wrong with a body, of whatever kind. Pure; as thread-safe as the checker, which checks what stands in bodies. */
    public static Optional<Rule> bodyFault(SignedRecord record, byte[] body, Before before, SignatureChecker checker) {
        return Intake.bodyFault(record, Optional.of(body), id -> before.grant())
                .or(() -> KeptRecords.forged(
                        record, body, stream -> before.keys().getOrDefault(stream, Optional.empty()), checker));
    }

    /** Like {@link #judge}, of a record whose body was judged alone. */
    public Finding judgeKnowing(long leaf, SignedRecord record, Optional<Rule> amiss) {
        Set<Flag> flags = Set.of();
        List<Fault> faults = new ArrayList<>();
        switch (lifecycle.judge(new Candidate(record, amiss))) {
            case Judgement.Admitted admitted -> {
                flags = admitted.flags();
                lifecycle.placed(record, leaf, flags);
            }
            case Judgement.Refused refused -> faults.add(fault(refused.rule()));
            case Judgement.PushedBack pushed -> faults.add(fault(pushed.rule()));
            case Judgement.Present ignored ->
                faults.add(new Fault("record-twice", "the same record stands in the log before"));
            case Judgement.Conflicting ignored ->
                faults.add(new Fault("record-conflict", "another record has this number of the stream"));
        }
        amiss.map(Rule::code)
                .filter(code -> faults.isEmpty() || !faults.getFirst().code().equals(code))
                .ifPresent(code -> faults.add(new Fault(code, "the body is not what the statement commits to")));
        return new Finding(flags, List.copyOf(faults));
    }

    /** That a rule keeps a record out. */
    public static Fault fault(Rule rule) {
        return new Fault(rule.code(), "admission rule " + rule.number() + " does not let this record in");
    }

    private Optional<Rule> fault(SignedRecord record, byte[] body) {
        return bodyFault(record, body, before(record), inBodies);
    }
}
