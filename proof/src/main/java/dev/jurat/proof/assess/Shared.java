package dev.jurat.proof.assess;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.verify.Defect;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Questions that several clauses and tests ask. Each answers by the first defect that speaks against it, or else by what was found. */
final class Shared {
    private static final String WHOLE = "the whole log, or a bundle of all of it (jurat bundle export --all)";

    private static final Set<Concern> HISTORY =
            EnumSet.of(Concern.STREAM, Concern.TREE, Concern.OWNER, Concern.WITNESSES);

    private Shared() {}

    /** Not met where there is such a defect; not assessable where one may be that nobody has seen; else what this says. */
    static Finding unless(Evidence e, String code, Set<Concern> concerns, Supplier<Finding> otherwise) {
        Optional<Defect> found = e.first(concerns);
        return found.map(defect -> Finding.notMet(code, defect))
                .or(() -> e.unjudged() ? Optional.of(unjudged(e, code)) : Optional.empty())
                .orElseGet(otherwise);
    }

    private static Finding unjudged(Evidence e, String code) {
        return Finding.notAssessable(
                code,
                "all records of what was given, in their form",
                "records are missing or cannot be judged, so that not all were looked at",
                e.defects().stream().limit(1).map(Pointer::to).toList());
    }

    static List<Pointer> pointers(Optional<Leaf> leaf) {
        return leaf.map(Pointer::to).stream().toList();
    }

    /** Each record that was given is signed with the key that its signer had by the records before it. */
    static Finding signatures(Evidence e) {
        return unless(
                e,
                "signatures",
                Concern.AUTHORSHIP,
                () -> Finding.measured(
                        "signatures",
                        e.survey().records.count()
                                + " records: each verifies with the one key that its principal and session have in the log, and with no other",
                        List.of(e.checkpointPointer())));
    }

    /** No record can be missing from what was given. */
    static Finding everyRecord(Evidence e) {
        return unless(
                e,
                "every-record",
                Set.of(Concern.TREE, Concern.STREAM),
                () -> e.whole()
                        ? Finding.measured(
                                "every-record",
                                "every leaf up to the checkpoint was read, and no number is missing from a stream",
                                List.of(e.checkpointPointer()))
                        : part("every-record"));
    }

    private static Finding part(String code) {
        return Finding.notAssessable(
                code,
                WHOLE,
                "the bundle shows a part of the log: whoever made it may have left out other records",
                List.of());
    }

    /** Where the key that the log is held against comes from. */
    static Finding logKey(Evidence e) {
        return unless(
                e,
                "log-key",
                Set.of(Concern.OWNER),
                () -> e.anchored()
                        ? Finding.measured(
                                "log-key",
                                "the checkpoint is signed with the key that the reader's trust policy names",
                                List.of(e.checkpointPointer()))
                        : Finding.declared(
                                "log-key",
                                "the log's own leaf 0",
                                "no trust policy was given: whose log this is rests on its own first record",
                                e.survey().records.first().map(Pointer::to).orElseGet(e::checkpointPointer)));
    }

    static Finding streams(Evidence e) {
        return unless(
                e,
                "streams",
                Set.of(Concern.STREAM),
                () -> e.whole()
                        ? Finding.measured(
                                "streams",
                                "each record names the one before it in its stream, by digest and number",
                                List.of(e.checkpointPointer()))
                        : part("streams"));
    }

    static Finding tree(Evidence e) {
        return unless(
                e,
                "tree",
                Set.of(Concern.TREE, Concern.OWNER),
                () -> Finding.measured(
                        "tree",
                        e.whole()
                                ? "the leaves come to the root that the log signed"
                                : "each leaf given has a proof that leads to the root that the log signed",
                        List.of(e.checkpointPointer())));
    }

    /** Who else holds the history, so that its keeper cannot put another in its place. */
    static Finding history(Evidence e) {
        return unless(
                e,
                "history",
                HISTORY,
                () -> e.witnessed()
                        ? Finding.measured(
                                "history",
                                e.cosigned().size() + " of " + e.asked()
                                        + " outside witnesses cosigned this checkpoint, which is a quorum",
                                List.of(e.checkpointPointer()))
                        : Finding.declared(
                                "history",
                                e.logKey(),
                                "no outside witness is asked for: who has the log's key could have rewritten what nobody else has seen",
                                e.checkpointPointer()));
    }

    /** What of a record only its body shows. */
    static Finding bodies(Evidence e) {
        Survey.Tally gone = e.survey().bodiesGone;
        return gone.first().isEmpty()
                ? Finding.measured(
                        "bodies",
                        "each record's body is there and is what its statement commits to",
                        List.of(e.checkpointPointer()))
                : Finding.declared(
                        "bodies",
                        e.logKey(),
                        gone.count() + " bodies were not given (erasures on the log: "
                                + e.survey().erasures.count()
                                + "); that those records passed the checks that need them is the log's word",
                        Pointer.to(gone.first().get()));
    }

    /** What a session says of where its key is. */
    static String heldBy(Leaf session) {
        return session.record().statement().facts() instanceof RegistryFacts.Session facts ? heldBy(facts) : "";
    }

    private static String heldBy(RegistryFacts.Session facts) {
        String holder = switch (facts.signs()) {
            case AGENT -> "the agent has it";
            case WRAPPER -> "a wrapper has it and signs for the agent";
        };
        return holder + (facts.shared() ? ", in the process of the enforcement point" : "") + " (isolation "
                + facts.isolation().wire() + ")";
    }
}
