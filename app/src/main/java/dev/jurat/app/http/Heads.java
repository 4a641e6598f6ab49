package dev.jurat.app.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which no head of a request gets complete, since bytes that come one at a time keep a connection from being idle;
 * sooner while others wait for a place. Thread-safe.
 */
final class Heads implements Connection.Listener {
    /** Stands for a request that is being answered. */
    private static final long NOT_AWAITED = 0;

    private final long millisMax;
    private final long fullMillisMax;
    /** Since when the head of the next request is awaited, by the monotonic clock. */
    private final Map<EndPoint, Long> since = new ConcurrentHashMap<>();

    Heads(DoorLimits limits) {
        this.millisMax = limits.idleMillisMax() + limits.transferMillisMax();
        this.fullMillisMax = limits.fullMillisMax();
    }

    @Override
    public void onOpened(Connection connection) {
        since.put(connection.getEndPoint(), now());
    }

    @Override
    public void onClosed(Connection connection) {
        since.remove(connection.getEndPoint());
    }

    /** A request has come whose head is complete. */
    void arrived(EndPoint endPoint) {
        since.replace(endPoint, NOT_AWAITED);
    }

    /** Its answer is out, or lost. */
    void awaited(EndPoint endPoint) {
        since.replace(endPoint, now());
    }

    /** Looks from now on, until the scheduler stops. */
    void watch(Scheduler scheduler) {
        scheduler.schedule(
                () -> {
                    close();
                    watch(scheduler);
                },
                Math.max(1, millisMax / 8),
                TimeUnit.MILLISECONDS);
    }

    /** Closes the connection that has said nothing, or no whole head, for the longest time, if that was long enough for a full door. */
    void makeRoom() {
        long now = System.nanoTime();
        EndPoint longest = null;
        long millis = fullMillisMax;
        for (Map.Entry<EndPoint, Long> entry : since.entrySet()) {
            long waited = (now - entry.getValue()) / 1_000_000;
            if (entry.getValue() != NOT_AWAITED
                    && waited > millis
                    && entry.getKey().isOpen()) {
                longest = entry.getKey();
                millis = waited;
            }
        }
        if (longest != null) {
            longest.close();
        }
    }

    private void close() {
        long now = System.nanoTime();
        since.forEach((endPoint, from) -> {
            if (from != NOT_AWAITED && (now - from) / 1_000_000 > millisMax) {
                endPoint.close();
            }
        });
    }

    private static long now() {
        long now = System.nanoTime();
        return now == NOT_AWAITED ? 1 : now;
    }
}
