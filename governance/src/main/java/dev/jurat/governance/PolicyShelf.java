package dev.jurat.governance;

import dev.jurat.governance.policy.DeclaredArguments;
import dev.jurat.governance.policy.Policy;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.PolicyEngine;
import dev.jurat.governance.policy.PolicyOutcome.Because;
import dev.jurat.governance.policy.PolicyOutcome.Deny;
import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignerType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The policies that are published on the ledger, made ready once each. Thread-safe. */
public final class PolicyShelf {
    private static final String OBSERVING = "observe@";

    private final LedgerDoor ledger;
    private final List<PolicyEngine> engines;
    private final Map<Hash, Ready> ready = new ConcurrentHashMap<>();

    public PolicyShelf(LedgerDoor ledger, List<PolicyEngine> engines) {
        this.ledger = ledger;
        this.engines = List.copyOf(engines);
    }

    /**
     * A published policy that is to decide.
     *
     * @param record the record that published it
     * @param mayObserve whether what it lets pass unenforced may pass
     * @param mayEnforce whether what it allows may be enforced: the default alone decides on that
     */
    record Chosen(RecordId record, RegistryFacts.Policy facts, Ready ready, boolean mayObserve, boolean mayEnforce) {}

    /** A policy that can be asked, whose engine and version decisions record. */
    record Ready(Policy policy, DeclaredArguments declared, String engine) {}

    /**
     * The policy for a call. On an unclaimed node one that observes. On a claimed one, where the point asks to observe, one that observes
     * and that an administrator published; else the default, under which nothing may pass unenforced. Empty if none is published.
     *
     * @param observe whether the point asks to observe
     */
    Optional<Chosen> choose(boolean observe) {
        Published published = ledger.ask(state -> Published.of(state, observe));
        if (!published.claimed()) {
            return published.observing().stream().findFirst().map(policy -> chosen(published, policy, true));
        }
        return published.observing().stream()
                .filter(policy -> isByAPerson(policy.getKey()))
                .findFirst()
                .map(policy -> chosen(published, policy, true))
                .or(() -> published.byDefault().map(policy -> chosen(published, policy, false)));
    }

    private Chosen chosen(Published published, Map.Entry<RecordId, RegistryFacts.Policy> policy, boolean mayObserve) {
        boolean byDefault = published.byDefault().map(Map.Entry::getKey).equals(Optional.of(policy.getKey()));
        return new Chosen(
                policy.getKey(), policy.getValue(), ready(policy.getValue().artefact()), mayObserve, byDefault);
    }

    /** The ledger lets only administrators among people publish; what genesis names is published by the governor. */
    private boolean isByAPerson(RecordId policy) {
        return ledger.record(policy)
                .filter(record -> record.header().signer() == SignerType.HUMAN)
                .isPresent();
    }

    /** What is published now; of those that observe, where one may be asked for, the default first, then the one that was published last. */
    private record Published(
            boolean claimed,
            Optional<Map.Entry<RecordId, RegistryFacts.Policy>> byDefault,
            List<Map.Entry<RecordId, RegistryFacts.Policy>> observing) {
        static Published of(Lifecycle state, boolean observe) {
            Optional<RecordId> decides = state.defaultPolicy();
            return new Published(
                    state.claimed(),
                    decides.flatMap(id -> state.policy(id).map(facts -> Map.entry(id, facts))),
                    state.claimed() && !observe ? List.of() : observing(state, decides));
        }

        private static List<Map.Entry<RecordId, RegistryFacts.Policy>> observing(
                Lifecycle state, Optional<RecordId> decides) {
            List<Map.Entry<RecordId, RegistryFacts.Policy>> inOrder = state.policies().entrySet().stream()
                    .filter(policy -> policy.getValue().name().startsWith(OBSERVING))
                    .toList();
            return inOrder.reversed().stream()
                    .sorted(Comparator.comparing(policy -> !decides.equals(Optional.of(policy.getKey()))))
                    .toList();
        }
    }

    private Ready ready(Hash digest) {
        Ready known = ready.get(digest);
        if (known != null) {
            return known;
        }
        Optional<byte[]> bytes = ledger.artefact(digest);
        if (bytes.isEmpty()) {
            return broken("none", "The policy's artefact is not at hand.");
        }
        Ready loaded = load(bytes.get());
        ready.put(digest, loaded);
        return loaded;
    }

    private Ready load(byte[] bytes) {
        try {
            PolicyArtefact artefact = PolicyArtefact.read(bytes);
            for (PolicyEngine engine : engines) {
                if (engine.language().equals(artefact.engine())) {
                    return new Ready(engine.load(artefact), artefact.arguments(), engine.version());
                }
            }
            return broken(artefact.engine(), "No engine here reads " + artefact.engine() + ".");
        } catch (FormatException e) {
            return broken(
                    "none", "The published policy cannot be loaded (" + e.code() + "); its author has to repair it.");
        }
    }

    /** A policy that cannot be asked denies everything. */
    private static Ready broken(String engine, String help) {
        Because because = new Because(Reason.POLICY_ERROR, List.of(), help);
        return new Ready(input -> new Deny(because), new DeclaredArguments(Map.of()), engine);
    }
}
