package dev.jurat.ledger;

import java.util.List;
import java.util.Map;

/**
 * How a ledger stands.
 *
 * @param sealed records in sealed tiles
 * @param commits commits made durable since the log was opened; each is one write and one sync, of all groups that had gathered
 * @param queued groups that wait
 * @param turnedAway how often groups were pushed back since the log was opened, by code; there is no other trace of them
 * @param indexed records that the index has read; {@code size − indexed} is its lag
 * @param indexFault why the index does not go on; empty if it does
 * @param signatures the provider that checks signatures
 * @param guarded whether the newest size that was signed was known when the log was opened, so that a log that had gone back would not
 *     have been; or there was nothing to go back from
 * @param headWhole false if one of the two marks of that size could not be read when the log was opened, so that a log that had gone back
 *     by one commit would not have been known
 * @param damagedBodies the leaves whose bodies were found damaged when they were read last, or lost when the ledger was opened; what is
 *     damaged and nobody read since is not among them
 * @param erased bodies that erasures on the log have taken
 * @param packsToCompact files of bodies that may still have the bytes, without a key, of erased ones
 */
public record LedgerStatus(
        State state,
        String code,
        long size,
        long sealed,
        long commits,
        int queued,
        Map<String, Long> turnedAway,
        long journalBytes,
        long indexed,
        String indexFault,
        String signatures,
        boolean guarded,
        boolean headWhole,
        List<Long> damagedBodies,
        long erased,
        int packsToCompact) {
    /** What the ledger does at present. */
    public enum State {
        RUNNING,
        /** Too little room on the disk: nothing is taken in until there is more. */
        DISK_FULL,
        /** A witness has seen more of this log than is here, or another one: nothing is taken in or signed, and all can be read. */
        READ_ONLY,
        /** A durable write has an unknown outcome, or the program has a defect: open it again. */
        STOPPED,
        CLOSED
    }
}
