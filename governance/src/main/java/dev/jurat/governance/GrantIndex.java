package dev.jurat.governance;

import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which contract a decision led to, and which identities a contract and an intent: what the answers to repeated requests are found by. Made
 * from the log, and made again from it at each start. Thread-safe.
 */
public final class GrantIndex {
    private final Map<RecordId, RecordId> contractOfDecision = new HashMap<>();
    private final Map<RecordId, RecordId> identityOfIntent = new HashMap<>();
    private final Map<RecordId, Map<String, RecordId>> identitiesOfContract = new HashMap<>();
    private final Map<String, Set<RecordId>> approvedOfActor = new HashMap<>();
    private final Set<RecordId> approvedDecisions = new HashSet<>();
    private final Set<RecordId> rejectedDecisions = new HashSet<>();

    /** Takes what was admitted of a group. */
    public void add(List<Entry> group, Receipt receipt) {
        for (int i = 0; i < group.size(); i++) {
            if (receipt.results().get(i).broken().isEmpty()) {
                add(group.get(i).record());
            }
        }
    }

    /** Takes an admitted record; the same one twice changes nothing. */
    public synchronized void add(SignedRecord record) {
        if (record.statement().facts() instanceof AuthorityFacts facts) {
            switch (facts) {
                case AuthorityFacts.Decision decision -> decision(record, decision);
                case AuthorityFacts.Contract contract -> contract(record, contract);
                case AuthorityFacts.Identity identity -> identity(record, identity);
                case AuthorityFacts.Intent ignored -> {}
                case AuthorityFacts.Context ignored -> {}
                case AuthorityFacts.Approval ignored -> {}
            }
        }
    }

    private void decision(SignedRecord record, AuthorityFacts.Decision decision) {
        if (decision.reason().equals(Reason.REJECTED.code())) {
            rejectedDecisions.add(record.id());
        }
        if (!record.header().references().many("approvals").isEmpty()) {
            approvedDecisions.add(record.id());
        }
    }

    private void contract(SignedRecord record, AuthorityFacts.Contract contract) {
        RecordId decision = record.header().references().one("decision");
        contractOfDecision.put(decision, record.id());
        if (approvedDecisions.contains(decision)) {
            approvedOfActor
                    .computeIfAbsent(contract.grant().actor(), actor -> new HashSet<>())
                    .add(record.id());
        }
    }

    private void identity(SignedRecord record, AuthorityFacts.Identity identity) {
        identityOfIntent.put(record.header().references().one("intent"), record.id());
        identitiesOfContract
                .computeIfAbsent(record.header().references().one("contract"), contract -> new HashMap<>())
                .put(identity.session(), record.id());
    }

    /** The contract that a decision allowed. */
    public synchronized Optional<RecordId> contractOf(RecordId decision) {
        return Optional.ofNullable(contractOfDecision.get(decision));
    }

    /** The identity that was minted for an intent. */
    public synchronized Optional<RecordId> identityOf(RecordId intent) {
        return Optional.ofNullable(identityOfIntent.get(intent));
    }

    /** The identity that a session has under a contract. */
    public synchronized Optional<RecordId> identityOf(RecordId contract, String session) {
        return Optional.ofNullable(
                identitiesOfContract.getOrDefault(contract, Map.of()).get(session));
    }

    /** The contracts of an actor that people approved, in no order; those that have ended may be among them until {@link #ended}. */
    public synchronized List<RecordId> approvedOf(String actor) {
        return List.copyOf(approvedOfActor.getOrDefault(actor, Set.of()));
    }

    /** The decisions that followed a rejection, in no order, until {@link #forgotten}. */
    public synchronized List<RecordId> rejected() {
        return List.copyOf(rejectedDecisions);
    }

    /** A rejection whose time is over. */
    public synchronized void forgotten(RecordId rejected) {
        rejectedDecisions.remove(rejected);
    }

    /** Forgets an approved contract that cannot be used any more. */
    public synchronized void ended(String actor, RecordId contract) {
        approvedOfActor.getOrDefault(actor, new HashSet<>()).remove(contract);
    }
}
