package dev.jurat.ledger;

/**
 * The bounds of one ledger.
 *
 * @param segmentBytes length of a journal segment; 16 MiB
 * @param queueGroupsMax groups that may wait for the sequencer; more are pushed back; 4,096
 * @param queueBytesMax bytes that may wait for it; 64 MiB
 * @param groupRecordsMax records in one group; 32
 * @param commitRecordsMax records in one commit, as far as whole groups allow; 2,048
 * @param commitBytesMax bytes in one commit, as far as whole groups allow; 8 MiB
 * @param bodyBytesMax bytes of one body; 2 MiB. Bodies of records that are not sealed yet, fewer than {@code tailRecordsMax}, are in memory
 * @param artefactBytesMax bytes of one artefact; 4 MiB
 * @param tailRecordsMax records that may wait for sealing; more stop intake until it has caught up; 65,536
 * @param freeBytesMin what must be free on the disk; below it intake stops; 256 MiB
 * @param clockMillis how old the clock may be when strict records are judged; 100
 * @param clockIdleMillis how old it may become while a session is open; 10,000
 * @param stateMillis how long after a {@code state} leaf the next one is due where anything has come; 10,000
 * @param stateRecords after how many records it is due sooner; 16,384. What changes between two of them is in memory
 */
public record LedgerConfig(
        int segmentBytes,
        int queueGroupsMax,
        long queueBytesMax,
        int groupRecordsMax,
        int commitRecordsMax,
        long commitBytesMax,
        int bodyBytesMax,
        int artefactBytesMax,
        int tailRecordsMax,
        long freeBytesMin,
        long clockMillis,
        long clockIdleMillis,
        long stateMillis,
        long stateRecords) {
    public static final LedgerConfig STANDARD = new LedgerConfig(
            16 << 20,
            4096,
            64L << 20,
            32,
            2048,
            8L << 20,
            2 << 20,
            4 << 20,
            1 << 16,
            256L << 20,
            100,
            10_000,
            10_000,
            1 << 14);

    public LedgerConfig {
        boolean sound = segmentBytes >= 4096
                && queueGroupsMax > 0
                && groupRecordsMax > 0
                && commitRecordsMax > 0
                && tailRecordsMax >= 512
                && bodyBytesMax <= queueBytesMax
                && clockMillis > 0
                && clockIdleMillis >= clockMillis
                && stateMillis > 0
                && stateRecords > 0;
        if (!sound) {
            throw new IllegalArgumentException(
                    "not a usable ledger configuration: segments of 4 KiB or more, positive bounds, "
                            + "a tail of 512 or more, bodies within the queue's bytes, an idle clock no quicker than the clock");
        }
    }
}
