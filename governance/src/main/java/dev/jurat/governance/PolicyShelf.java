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
     */
    record Chosen(RecordId record, RegistryFacts.Policy facts, Ready ready) {}

    /** A policy that can be asked, whose engine and version decisions record. */
    record Ready(Policy policy, DeclaredArguments declared, String engine) {}

    /**
     * The policy for a call: the default; or a published one that observes, where the point only observes or the node has no administrator
     * yet. Empty if none is published.
     */
    Optional<Chosen> choose(boolean observe) {
        Optional<Map.Entry<RecordId, RegistryFacts.Policy>> found =
                ledger.ask(state -> observe || !state.claimed() ? observing(state) : byDefault(state));
        return found.map(entry -> new Chosen(
                entry.getKey(), entry.getValue(), ready(entry.getValue().artefact())));
    }

    private static Optional<Map.Entry<RecordId, RegistryFacts.Policy>> byDefault(Lifecycle state) {
        return state.defaultPolicy().flatMap(id -> state.policy(id).map(facts -> Map.entry(id, facts)));
    }

    private static Optional<Map.Entry<RecordId, RegistryFacts.Policy>> observing(Lifecycle state) {
        return byDefault(state)
                .filter(entry -> entry.getValue().name().startsWith(OBSERVING))
                .or(() -> state.policies().entrySet().stream()
                        .filter(entry -> entry.getValue().name().startsWith(OBSERVING))
                        .max(Map.Entry.comparingByKey()));
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
