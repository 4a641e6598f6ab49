package dev.jurat.ledger;

import dev.jurat.proof.record.LedgerFacts.Clock;
import java.io.IOException;
import java.util.Optional;

/** Finds places in the log by time: by its clock leaves, which never go back in either end. */
final class ClockLeaves {
    private final Engine engine;

    ClockLeaves(Engine engine) {
        this.engine = engine;
    }

    /** A clock leaf with what it says. */
    record Found(long index, Clock clock) {}

    /** The last clock leaf below a size that stands for a time before this one, by its later end. */
    Optional<Found> lastBefore(long millis, long size) throws IOException {
        Optional<Found> last = Optional.empty();
        long low = 0;
        long high = size;
        while (low < high) {
            long middle = (low + high) >>> 1;
            Optional<Found> clock = lastIn(low, middle);
            if (clock.isPresent() && clock.get().clock().latest() >= millis) {
                high = clock.get().index();
            } else {
                last = clock.isPresent() ? clock : last;
                low = middle + 1;
            }
        }
        return last;
    }

    /** The last clock leaf from one leaf to another, both included. */
    Optional<Found> lastIn(long from, long to) throws IOException {
        for (long index = to; index >= from; index--) {
            if (engine.parsed(index).statement().facts() instanceof Clock clock) {
                return Optional.of(new Found(index, clock));
            }
        }
        return Optional.empty();
    }
}
