package dev.jurat.gateway.mcp;

import dev.jurat.proof.crypto.Hash;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers whose digest is not made yet, since the salt that it takes is drawn when their record is signed: so many bytes of them at most,
 * beyond which the next one waits. Small ones are not counted. Thread-safe.
 */
final class Undigested {
    private static final int COUNTED_BYTES = 64 << 10;

    private final Semaphore room;

    /** @param bytesMax at least the size of the largest answer */
    Undigested(int bytesMax) {
        this.room = new Semaphore(bytesMax, true);
    }

    /** One answer, held until it is digested or dropped, whichever is first. */
    final class Matter {
        private final AtomicReference<@Nullable Wire> held;
        private final int counted;

        private Matter(Wire wire, int counted) {
            this.held = new AtomicReference<>(wire);
            this.counted = counted;
        }

        /** Whether others wait for it to be digested or dropped. */
        boolean isCounted() {
            return counted > 0;
        }

        /** The SHA-256 of these parts and the answer; once. */
        Hash digest(byte[]... before) {
            Wire wire = held.get();
            if (wire == null) {
                throw new IllegalStateException("digested or dropped already");
            }
            try {
                return wire.hash(before);
            } finally {
                drop();
            }
        }

        void drop() {
            if (held.getAndSet(null) != null) {
                room.release(counted);
            }
        }
    }

    /** Takes an answer when there is room for it; empty if interrupted first. */
    Optional<Matter> take(Wire answer) {
        return take(answer, Duration.ofDays(1));
    }

    /** Takes an answer if there is room for it in time. */
    Optional<Matter> take(Wire answer, Duration time) {
        int counted = answer.size() < COUNTED_BYTES ? 0 : answer.size();
        try {
            return counted == 0 || room.tryAcquire(counted, time.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(new Matter(answer, counted))
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
