package dev.jurat.proof.assess;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.record.Kind;
import java.util.List;
import java.util.Optional;

/** What the levels ask for beside clauses and tests. Pure. */
final class LevelAsks {
    private LevelAsks() {}

    /** Basic: the organisation gave each agent its key, and not the agent itself. */
    static List<Finding> issued(Evidence e) {
        Optional<Leaf> self = e.survey().selfEnrolled();
        if (self.isPresent()) {
            return List.of(Finding.notMet(
                    "issued", "an agent enrolled its own key and nobody has confirmed it", Pointer.to(self.get())));
        }
        return List.of(e.survey()
                .vouched
                .first()
                .map(leaf -> Finding.declared(
                        "issued",
                        "the administrators who signed the enrolments",
                        "each agent's key was enrolled or confirmed by an administrator; that it is this agent's is their word",
                        Pointer.to(leaf)))
                .orElseGet(() -> Finding.notAssessable(
                        "issued", "the enrolment of an agent", "no agent is enrolled here", List.of())));
    }

    /** Intermediate: no software can take a key away. */
    static List<Finding> hardware(Evidence e) {
        Optional<Leaf> software = e.survey().inSoftware();
        if (software.isPresent()) {
            return List.of(Finding.notMet("hardware", notInHardware(software.get()), Pointer.to(software.get())));
        }
        return List.of(e.survey()
                .inHardware()
                .map(leaf ->
                        Finding.declared("hardware", leaf.stream().principal(), inHardware(leaf), Pointer.to(leaf)))
                .orElseGet(() -> Finding.notAssessable(
                        "hardware", "a session of an agent", "no agent has opened a session here", List.of())));
    }

    private static String notInHardware(Leaf leaf) {
        return leaf.kind() == Kind.SESSION
                ? "by a session's own word its key is not in hardware: " + Shared.heldBy(leaf)
                : "an administrator says that an agent's key is in software";
    }

    private static String inHardware(Leaf leaf) {
        if (leaf.kind() == Kind.SESSION) {
            return "each session of an agent says that its keys are in hardware, or an administrator does; no record proves it";
        }
        return Survey.custody(leaf).attestationKey().isPresent()
                ? "a TPM certified each agent's key as made in it and bound to it; that it is a chip is the word of who believes its attestation key"
                : "an administrator says of each agent's key that it is in hardware; no evidence of all of them is on the log";
    }

    /** Intermediate: whoever reads the log sees which key was whose, and when. */
    static List<Finding> registry(Evidence e) {
        Finding changes = e.whole()
                ? Tests.derived(
                        e,
                        "registry",
                        "keys and all their changes are records of the log: principals "
                                + e.survey().principals.count())
                : Finding.notAssessable(
                        "registry", "the whole log", "other changes of keys may have been left out", List.of());
        return List.of(changes, Shared.logKey(e));
    }

    /** Intermediate: agent, action, time and the record before are in what is signed. */
    static List<Finding> structured(Evidence e) {
        return List.of(Finding.measured(
                "structured",
                "each of the " + e.survey().records.count()
                        + " records that could be read has principal, kind, the clock its signer had seen, and the record before it, under its signature",
                Shared.pointers(e.survey().records.first())));
    }

    /** Advanced: nobody, the operator included, could have put another history in the place of this one. */
    static List<Finding> witnessed(Evidence e) {
        Finding history = Shared.history(e);
        return List.of(
                history.verdict() instanceof Verdict.Declared
                        ? Finding.notMet("history", history.text(), e.checkpointPointer())
                        : history);
    }

    /** Advanced. */
    static List<Finding> audited(Evidence e) {
        return List.of(Finding.notAssessable(
                "audited",
                "the report of an independent auditor, which no log contains",
                "how keys are managed is not in the records of "
                        + e.checkpoint().origin(),
                List.of(Pointer.MEANING)));
    }

    /** Advanced. */
    static List<Finding> attacked(Evidence e) {
        return List.of(Finding.notAssessable(
                "attacked",
                "results of attacks on the signing itself: chosen messages, timing, key recovery",
                "what made the signatures of " + e.checkpoint().origin() + " is not in its records",
                List.of(Pointer.MEANING)));
    }
}
