package dev.jurat.app.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;

/**
 * The answers that have been made and not been read, within a budget over all connections: whoever asks and does not read takes memory for
 * a while, and no more than there is for it. Thread-safe.
 *
 * <p>Small answers are not counted: a connection has one, and connections are bounded.
 */
final class Unread {
    private static final int SMALL_BYTES = 16 << 10;
    private static final int PERMIT_BYTES = 1024;
    private static final long ROOM_MILLIS = 100;

    private final DoorLimits limits;
    private final int permitsMax;
    private final Semaphore budget;
    private final Map<EndPoint, Held> held = new ConcurrentHashMap<>();

    private record Held(long sinceNanos, int bytes, int permits) {}

    Unread(DoorLimits limits) {
        this.limits = limits;
        this.permitsMax = Math.max(1, limits.answerBytesTotalMax() / PERMIT_BYTES);
        this.budget = new Semaphore(permitsMax);
    }

    /** Takes the share of an answer of this many bytes; of a larger one than the budget, all of it. Whether there was room. */
    boolean hold(EndPoint reader, int bytes) {
        if (bytes <= SMALL_BYTES) {
            return true;
        }
        int permits = Math.min(permitsMax, bytes / PERMIT_BYTES);
        if (!budget.tryAcquire(permits) && !makeRoom(permits)) {
            return false;
        }
        held.put(reader, new Held(System.nanoTime(), bytes, permits));
        return true;
    }

    /** The answer is out, or lost. */
    void release(EndPoint reader) {
        Held over = held.remove(reader);
        if (over != null) {
            budget.release(over.permits());
        }
    }

    private boolean makeRoom(int permits) {
        long now = System.nanoTime();
        held.forEach((reader, one) -> {
            if ((now - one.sinceNanos()) / 1_000_000 > limits.unreadMillisMax(one.bytes())) {
                reader.close(new TimeoutException("the answer was not read while others wanted its room"));
            }
        });
        try {
            return budget.tryAcquire(permits, ROOM_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
