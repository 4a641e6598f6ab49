package dev.jurat.proof.assess;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.log.Cosigned;
import dev.jurat.proof.record.LedgerFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is asked for each of the tests 8.1 to 8.6, whose text beyond their names is ours. Pure. */
final class Tests {
    /** How far the log's clock may be ahead of a witness's. */
    private static final long AHEAD_MILLIS_MAX = 60_000;

    private static final String NO_TIMESTAMP =
            "time stamps of an authority outside (RFC 3161), which this version of the log does not carry";

    private Tests() {}

    /** 8.1 */
    static List<Finding> completeness(Evidence e) {
        return List.of(Shared.everyRecord(e), Shared.signatures(e));
    }

    /** 8.2 */
    static List<Finding> independent(Evidence e) {
        return List.of(
                derived(
                        e,
                        "derived",
                        "each record was judged again from what was given, and none otherwise than the log did"),
                Shared.bodies(e),
                Shared.logKey(e));
    }

    /** That nothing at all was found amiss. */
    static Finding derived(Evidence e, String code, String text) {
        return Shared.unless(
                e, code, Concern.ALL_BUT_WITNESSES, () -> Finding.measured(code, text, List.of(e.checkpointPointer())));
    }

    /** 8.3 */
    static List<Finding> compromise(Evidence e) {
        Finding drill = e.survey()
                .firstBoundary()
                .map(first -> Clauses.boundaries(e, first))
                .orElseGet(() -> Shared.unless(
                        e,
                        "boundaries",
                        Set.of(Concern.STANDING),
                        () -> Finding.notAssessable(
                                "boundaries",
                                "a key that was put out of use, were it as a drill (jurat revoke PRINCIPAL/SESSION)",
                                "no key was put out of use here, so that nothing shows what would hold then",
                                List.of())));
        return List.of(drill, Shared.history(e));
    }

    /** 8.4 */
    static List<Finding> chain(Evidence e) {
        return List.of(Shared.streams(e), Shared.tree(e), Shared.history(e));
    }

    /** 8.5 */
    static List<Finding> timestamps(Evidence e) {
        List<Finding> findings = new ArrayList<>();
        findings.add(clocks(e));
        findings.add(witnessTime(e));
        findings.add(
                Finding.notAssessable("tokens", NO_TIMESTAMP, "there is no token to verify", List.of(Pointer.MEANING)));
        return findings;
    }

    private static Finding clocks(Evidence e) {
        return Shared.unless(
                e,
                "clocks",
                Set.of(Concern.TIME),
                () -> e.survey().clocks.first().isPresent()
                        ? Finding.measured(
                                "clocks",
                                e.survey().clocks.count()
                                        + " clock leaves, of which none goes back; no record names a time that it cannot have seen",
                                Shared.pointers(e.survey().clocks.first()))
                        : Finding.notAssessable(
                                "clocks",
                                "a part of the log that shows its time",
                                "no clock leaf was given",
                                List.of()));
    }

    /** All that stands under a checkpoint was there when a witness cosigned it: the log's clock cannot have been later by then. */
    static Finding witnessTime(Evidence e) {
        Optional<Cosigned> earliest = e.cosigned().stream()
                .filter(c -> c.seconds() > 0)
                .min((a, b) -> Long.compare(a.seconds(), b.seconds()));
        Optional<LedgerFacts.Clock> newest = e.survey().newestClock();
        if (!e.witnessed() || earliest.isEmpty() || newest.isEmpty()) {
            return Finding.notAssessable(
                    "witness-time",
                    "a checkpoint that outside witnesses cosigned, with their time",
                    "no outside clock can be held against the log's",
                    List.of());
        }
        long witnessed = earliest.get().seconds() * 1000 + 999;
        String text = "the log's newest clock says "
                + Instant.ofEpochMilli(newest.get().earliest())
                + " at the earliest, and the witness " + earliest.get().name() + " cosigned at "
                + Instant.ofEpochSecond(earliest.get().seconds());
        return newest.get().earliest() - witnessed > AHEAD_MILLIS_MAX
                ? Finding.notMet("witness-time", text + ": the log's clock was ahead", e.checkpointPointer())
                : Finding.measured("witness-time", text, List.of(e.checkpointPointer()));
    }

    /** 8.6 */
    static List<Finding> forgery(Evidence e) {
        Finding forged = derived(
                e,
                "forged",
                "no record, leaf, tile or checkpoint that was given is altered, and none is by a key without a place in the log");
        return List.of(forged, pointApart(e), Shared.history(e));
    }

    /** Whether the point could have signed for an agent. */
    private static Finding pointApart(Evidence e) {
        Optional<Leaf> shared = e.survey().shared.first();
        if (shared.isPresent()) {
            return Finding.notMet(
                    "point-apart",
                    "by a session's own word the enforcement point could sign for the agent: "
                            + Shared.heldBy(shared.get()),
                    Pointer.to(shared.get()));
        }
        return e.survey()
                .agents
                .first()
                .map(session -> Finding.declared(
                        "point-apart",
                        session.stream().principal(),
                        "no session says that agent and enforcement point share a process",
                        Pointer.to(session)))
                .orElseGet(() -> Finding.notAssessable(
                        "point-apart", "a session of an agent", "no agent has opened a session here", List.of()));
    }
}
