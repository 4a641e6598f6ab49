package dev.jurat.ledger.journal;

/**
 * One commit as the journal keeps it.
 *
 * @param firstIndex the index of its first record; entries before it are in earlier frames or in sealed tiles
 * @param count how many records
 * @param payload the commit's bytes, in the clear
 */
public record Frame(long firstIndex, int count, byte[] payload) {
    /** The index after its last record. */
    public long end() {
        return firstIndex + count;
    }
}
