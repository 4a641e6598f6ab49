package dev.jurat.custody.signer;

import java.time.Duration;

/** How many a minute: a minute's worth at once, and then as it fills again. Thread-safe. */
final class Pace {
    private static final double NANOS = Duration.ofMinutes(1).toNanos();

    private final int perMinute;
    private double left;
    private long at;

    Pace(int perMinute, long nowNanos) {
        this.perMinute = perMinute;
        this.left = perMinute;
        this.at = nowNanos;
    }

    /** Whether one more may be, which is then counted. */
    synchronized boolean take(long nowNanos) {
        left = Math.min(perMinute, left + (nowNanos - at) / NANOS * perMinute);
        at = nowNanos;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
