package dev.jurat.governance;

import dev.jurat.governance.policy.PolicyOutcome.Because;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Records that are signed and not yet on the ledger: an intent's, or an approval's consequences. To be committed once, whole, and closed. Not
 * thread-safe.
 */
public final class Draft implements AutoCloseable {
    private final LedgerDoor ledger;
    private final GrantIndex index;
    private final Lanes lanes;
    private final Lane lane;
    private final List<Entry> entries;
    private final RecordId context;
    private final RecordId decision;
    private final AuthorityFacts.Decision facts;
    private final Because because;
    private final Optional<Contract> contract;
    private boolean fateUnknown;

    /** The contract that the decision allows, with what it was proposed as. */
    public record Contract(Entry entry, Proposal proposal) {}

    Draft(
            LedgerDoor ledger,
            GrantIndex index,
            Lanes lanes,
            Lane lane,
            List<Entry> entries,
            RecordId context,
            Entry decision,
            Because because,
            Optional<Contract> contract) {
        this.ledger = ledger;
        this.index = index;
        this.lanes = lanes;
        this.lane = lane;
        this.entries = List.copyOf(entries);
        this.context = context;
        this.decision = decision.id();
        this.facts = (AuthorityFacts.Decision) decision.record().statement().facts();
        this.because = because;
        this.contract = contract;
    }

    public RecordId context() {
        return context;
    }

    public RecordId decision() {
        return decision;
    }

    public AuthorityFacts.Decision facts() {
        return facts;
    }

    /** Why, with what the caller can do next. */
    public Because because() {
        return because;
    }

    /** There if the decision allows the call now. */
    public Optional<Contract> contract() {
        return contract;
    }

    /** Appends everything as one group, with records of others that go with it at the end. */
    public Receipt commit(List<Entry> more) throws PushedBackException {
        List<Entry> group = new ArrayList<>(entries);
        group.addAll(more);
        fateUnknown = true;
        try {
            Receipt receipt = ledger.append(group, List.of());
            fateUnknown = false;
            index.add(group, receipt);
            return receipt;
        } catch (PushedBackException e) {
            fateUnknown = false;
            throw e;
        }
    }

    /** Frees the governor's session for the next group. */
    @Override
    public void close() {
        if (fateUnknown) {
            lanes.abandon();
        } else {
            lanes.giveBack(lane);
        }
    }
}
