package dev.jurat.app.cli;

import java.util.Optional;
import java.util.function.LongSupplier;

/** How far an audit is, how fast it goes and how long it will take still, told a few times a second. Not thread-safe. */
final class AuditProgress {
    private static final long EACH_NANOS = 200_000_000;
    /** Before this nobody knows how fast it goes. */
    private static final long RATE_NANOS = 1_000_000_000;

    private static final int BAR = 20;
    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final long start;
    private long told;

    /** Begins to count. */
    AuditProgress(LongSupplier nanos) {
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        this.told = start - EACH_NANOS;
    }

    /** The line to show after so many of all leaves; empty if another was shown a moment ago. */
    Optional<String> after(long read, long size) {
        long now = nanos.getAsLong();
        if (now - told < EACH_NANOS) {
            return Optional.empty();
        }
        told = now;
        int done = size == 0 ? BAR : (int) (read / (double) size * BAR);
        String bar = "auditing [" + "#".repeat(done) + ".".repeat(BAR - done) + "] "
                + String.format("%,d of %,d leaves", read, size);
        return Optional.of(now - start < RATE_NANOS || read == 0 ? bar : bar + pace(read, size, now - start));
    }

    private static String pace(long read, long size, long took) {
        double perSecond = read * NANOS / took;
        return String.format(", %,.0f a second, %s left", perSecond, time((long) Math.ceil((size - read) / perSecond)));
    }

    private static String time(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? String.format("%d min %02d s", seconds / 60, seconds % 60)
                : String.format("%d h %02d min", seconds / 3600, seconds % 3600 / 60);
    }
}
