package dev.jurat.proof.state;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.List;
import java.util.Optional;

/**
 * A log and its state as of one checkpoint, to make state proofs from. What is asked of one does not change while it is asked.
 *
 * <p>What is found is searched among all leaves under the checkpoint; whoever finds nothing says so, and never gives another leaf. What
 * cannot be read is an {@link java.io.UncheckedIOException}.
 */
public interface StateSource {
    /** The newest checkpoint, with the cosignatures that are there. */
    SignedNote checkpoint();

    /**
     * The newest {@code state} leaf under the checkpoint that states the root of the chunks below, which is not that of size 0; empty while
     * there is none.
     */
    Optional<Long> stateLeaf();

    /** The record at a leaf under the checkpoint. */
    SignedRecord record(long leaf);

    /** The inclusion path of a leaf under the checkpoint. */
    List<Hash> path(long leaf);

    /** The leaf of an admitted record. */
    Optional<Long> leafOf(RecordId record);

    /** The leaf that opened a stream. */
    Optional<Long> openerOf(Stream stream);

    /** The leaf that registered a principal: genesis, or the {@code key} record that enrolled it. */
    Optional<Long> registrationOf(String principal);

    /** The leaf that brought a key: genesis, a {@code key} record that enrolled, or a {@code session}. */
    Optional<Long> originOf(String key);

    /** The bytes of a chunk of the state stated. */
    byte[] chunk(long number);

    /** The path of a chunk in that state. */
    List<Hash> chunkPath(long number);
}
