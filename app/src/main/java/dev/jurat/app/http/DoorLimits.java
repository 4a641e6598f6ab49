package dev.jurat.app.http;

/**
 * Bounds of a door.
 *
 * @param requestsMax requests answered at once; more are told to come again
 * @param bodyBytesTotalMax bytes of request bodies held at once, over all requests
 * @param connectionsMax open connections; more wait to be accepted
 * @param idleMillisMax how long a connection may say nothing
 * @param bytesPerSecondMin the slowest rate at which a body may come
 */
public record DoorLimits(
        int requestsMax, int bodyBytesTotalMax, int connectionsMax, long idleMillisMax, long bytesPerSecondMin) {
    public static final DoorLimits USUAL = new DoorLimits(1024, 128 << 20, 1024, 60_000, 1024);
}
