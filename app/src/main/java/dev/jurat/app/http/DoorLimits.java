package dev.jurat.app.http;

/**
 * Bounds of a door.
 *
 * @param requestsMax requests answered at once; more are told to come again
 * @param bodyBytesTotalMax bytes of request bodies held at once, over all requests
 * @param answerBytesTotalMax bytes of answers that wait to be read, over all connections; while there are as many, those that have been
 *     waiting for a twentieth of {@code idleMillisMax}, and what their bytes need, are cut off, and who asks for more is told to come again
 * @param connectionsMax open connections; more wait to be accepted, and while they wait, connections without the head of a request for a
 *     twentieth of {@code idleMillisMax} are closed, the longest first
 * @param idleMillisMax how long a connection may say nothing
 * @param transferMillisMax how long a request may take to arrive, head and body together, and how long an answer may take to be read; each
 *     on top of what its bytes need
 * @param bytesPerSecondMin the rate at which bytes have to come and go beyond that
 */
public record DoorLimits(
        int requestsMax,
        int bodyBytesTotalMax,
        int answerBytesTotalMax,
        int connectionsMax,
        long idleMillisMax,
        long transferMillisMax,
        long bytesPerSecondMin) {
    /**
     * For a door of other users than the node's own. Values take up to 24 times the bytes that they come in: what is held at once there must
     * leave the node its memory, whoever sends what. A body of more than {@code bodyBytesTotalMax} is refused at any door.
     */
    public static final DoorLimits SHARED = new DoorLimits(256, 12 << 20, 32 << 20, 256, 60_000, 60_000, 1 << 20);

    public static final DoorLimits USUAL = new DoorLimits(1024, 128 << 20, 64 << 20, 1024, 60_000, 60_000, 1 << 20);

    /** How long a connection may go without the head of a request while another waits for its place. */
    long fullMillisMax() {
        return idleMillisMax / 20;
    }

    /** How long this many bytes may take in all. */
    long transferMillisMax(long bytes) {
        return transferMillisMax + bytes * 1000 / bytesPerSecondMin;
    }

    /** How long an answer of this many bytes may wait to be read while others want its room. */
    long unreadMillisMax(long bytes) {
        return fullMillisMax() + bytes * 1000 / bytesPerSecondMin;
    }
}
