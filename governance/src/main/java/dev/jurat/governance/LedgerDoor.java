package dev.jurat.governance;

import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.Quorum;
import dev.jurat.ledger.TimeSource;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What governance and identity ask of a ledger. Thread-safe; each method throws {@link UnavailableException} while the ledger does not answer.
 *
 * <p>Security property: an append that returns is durable and was judged by the ledger's own admission; nothing in here makes a record
 * count that the ledger refused.
 */
public interface LedgerDoor {
    /**
     * The door of a ledger in this process.
     *
     * @param time what the ledger itself reads the time from
     */
    static LedgerDoor of(Ledger ledger, TimeSource time) {
        return new LocalLedger(ledger, time);
    }

    /** The time by the ledger's own source, in milliseconds since 1970: for ends that need not be run into, never for a verdict. */
    long nowMillis();

    /** Asks the state that the next group will be judged against. The question must not keep the lifecycle nor change it. */
    <T> T ask(Function<Lifecycle, T> question);

    /**
     * Appends one group; returns when it is durable.
     *
     * @throws PushedBackException if the group used no number: its records may be signed again
     */
    Receipt append(List<Entry> group, List<byte[]> artefacts) throws PushedBackException;

    /** An admitted record. */
    Optional<SignedRecord> record(RecordId id);

    /** The leaf that an admitted record is. */
    OptionalLong indexOf(RecordId id);

    /** The newest tree size that has a checkpoint. */
    long size();

    /** Up to which size outside witnesses have cosigned the log. */
    Quorum quorum();

    /** A record's body, unless it has none or it was erased. */
    Optional<Body> body(RecordId id);

    Optional<byte[]> artefact(Hash digest);

    /** Shows every record from an index on that was admitted so far, in the order of the log. */
    void replay(long from, Consumer<SignedRecord> reader);
}
