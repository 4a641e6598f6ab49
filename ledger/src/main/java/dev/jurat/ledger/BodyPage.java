package dev.jurat.ledger;

import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.SignedRecord;
import java.util.List;

/**
 * Bodies that were found in one stretch of the log.
 *
 * @param next where the next stretch begins: the size of the log once all was read
 */
public record BodyPage(List<Found> found, long next, long size) {
    /**
     * A body that is there.
     *
     * @param bytes its length; 0 where it is damaged
     * @param atMillis the time of its record by the log
     * @param held whether a hold keeps it
     */
    public record Found(LeafIndex index, SignedRecord record, long bytes, long atMillis, boolean held) {}
}
