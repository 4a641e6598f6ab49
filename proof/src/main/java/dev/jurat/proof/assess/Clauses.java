package dev.jurat.proof.assess;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.record.LedgerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is asked for each of the clauses 4.1 to 4.7. Pure. */
final class Clauses {
    private static final String AGENT_SESSION = "a session of an agent";

    private Clauses() {}

    /** 4.1 */
    static List<Finding> ownKey(Evidence e) {
        return List.of(Shared.signatures(e), Shared.everyRecord(e), oneKeyEach(e), oneHolder(e));
    }

    private static Finding oneKeyEach(Evidence e) {
        return Shared.unless(
                e,
                "one-key-each",
                Set.of(Concern.SHARED_KEY),
                () -> Finding.measured(
                        "one-key-each",
                        (e.whole() ? "" : "among the records given, ") + "no key is that of two: principals "
                                + e.survey().principals.count() + ", sessions "
                                + e.survey().sessions.count(),
                        Shared.pointers(e.survey().principals.first())));
    }

    /** Two records for one number show two holders; that there is one only, nothing shows but its own word. */
    private static Finding oneHolder(Evidence e) {
        Optional<Leaf> twice = e.survey().conflicts.first();
        if (twice.isPresent()) {
            return Finding.notMet(
                    "one-holder",
                    "a session's key has signed two records for one number: it was in two hands, or was put back to an old state",
                    Pointer.to(twice.get()));
        }
        Optional<Leaf> weakest =
                e.survey().shared.first().or(e.survey().wrapped::first).or(e.survey().agents::first);
        return weakest.map(session -> Finding.declared(
                        "one-holder",
                        session.stream().principal(),
                        "who has a session's key is the session's own word; the one that says least for it: "
                                + Shared.heldBy(session),
                        Pointer.to(session)))
                .orElseGet(() -> Finding.notAssessable(
                        "one-holder", AGENT_SESSION, "no agent has opened a session here", List.of()));
    }

    /** 4.2 */
    static List<Finding> anyoneVerifies(Evidence e) {
        Finding keys = Shared.unless(
                e,
                "record-keys",
                Set.of(Concern.KEY),
                () -> Finding.measured(
                        "record-keys",
                        "the key of each record stands in a record before it: no agent had to answer, and no private key was needed",
                        Shared.pointers(e.survey().principals.first())));
        return List.of(keys, Shared.logKey(e));
    }

    /** 4.3 */
    static List<Finding> pastSurvives(Evidence e) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Shared.unless(
                e,
                "order",
                Concern.ORDER,
                () -> Finding.measured(
                        "order",
                        "each record has a place under the signed root, so that it is before or after any other",
                        List.of(e.checkpointPointer()))));
        findings.add(Shared.history(e));
        e.survey().firstBoundary().ifPresent(first -> findings.add(boundaries(e, first)));
        return findings;
    }

    /** What was signed before a key was put out of use, and what after. */
    static Finding boundaries(Evidence e, Boundary first) {
        Set<Concern> against = Set.of(Concern.STANDING, Concern.SIGNATURE, Concern.KEY, Concern.STREAM, Concern.TREE);
        return Shared.unless(
                e,
                "boundaries",
                against,
                () -> Finding.measured(
                        "boundaries",
                        "keys put out of use " + e.survey().boundaries.count() + ", the first from leaf "
                                + first.from() + " on" + suspect(first) + "; the "
                                + e.survey().beforeBoundaries()
                                + " records of their holders before the leaf that says so verify still; after it none that needs a key in use, and "
                                + e.survey().flagged.count() + " with a flag",
                        List.of(Pointer.to(first.stated()))));
    }

    private static String suspect(Boundary first) {
        long stated = first.stated().index();
        return first.from() == stated ? "" : ", by leaf " + stated + ", and what lies between is suspect";
    }

    /** 4.4 */
    static List<Finding> chained(Evidence e) {
        return List.of(Shared.streams(e), Shared.tree(e));
    }

    /** 4.5: tokens are what is asked for; the time of witnesses is outside time all the same, and is told beside them. */
    static List<Finding> outsideTime(Evidence e) {
        return List.of(tokens(e), Tests.witnessTime(e));
    }

    private static Finding tokens(Evidence e) {
        Optional<Leaf> clock = e.survey().clocks.first();
        return clock.map(first -> Finding.notMet(
                        "rfc3161",
                        "no record carries the token of a time stamping authority; time is the ledger's clock, source "
                                + source(first),
                        Pointer.to(first)))
                .orElseGet(() -> Finding.notAssessable(
                        "rfc3161", "a part of the log that shows its time", "no clock leaf was given", List.of()));
    }

    private static String source(Leaf clock) {
        return clock.record().statement().facts() instanceof LedgerFacts.Clock facts ? facts.source() : "";
    }

    /** 4.6 */
    static List<Finding> rotation(Evidence e) {
        Finding covered = Shared.unless(
                e,
                "no-gap",
                Concern.AUTHORSHIP,
                () -> e.whole()
                        ? Finding.measured(
                                "no-gap",
                                "sessions with a key of their own "
                                        + e.survey().sessions.count()
                                        + "; from the first to the last no record without a valid signature",
                                Shared.pointers(e.survey().sessions.first()))
                        : Finding.notAssessable(
                                "no-gap",
                                "the whole log",
                                "what lies between the records given is not shown",
                                List.of()));
        return List.of(covered, overlap(e));
    }

    /** The rules let no rotation in without an overlap ahead, nor without the signatures of both keys. */
    private static Finding overlap(Evidence e) {
        return e.survey()
                .rotations
                .first()
                .map(first -> Shared.unless(
                        e,
                        "overlap",
                        Set.of(Concern.SIGNATURE, Concern.KEY, Concern.STANDING),
                        () -> Finding.measured(
                                "overlap",
                                "keys that were replaced "
                                        + e.survey().rotations.count()
                                        + ": each next one is signed for by both, and either may open sessions until the overlap ends",
                                List.of(Pointer.to(first)))))
                .orElseGet(() -> Finding.notAssessable(
                        "overlap",
                        "a log in which a key was rotated (jurat key rotate)",
                        "no key was replaced by one that it signed for",
                        List.of(Pointer.MEANING)));
    }

    /** 4.7 */
    static List<Finding> exportable(Evidence e) {
        if (e.extent() == Evidence.Extent.LOG) {
            return List.of(Finding.notAssessable(
                    "certificate",
                    "a bundle of this log (jurat bundle export), assessed by itself",
                    "a log was given, and no exported bundle of it",
                    List.of()));
        }
        return List.of(
                Tests.derived(e, "certificate", "this bundle carries records, keys and proofs, and verifies by itself"),
                Shared.bodies(e),
                Shared.logKey(e));
    }
}
