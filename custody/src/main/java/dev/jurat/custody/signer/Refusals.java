package dev.jurat.custody.signer;

import java.util.OptionalLong;

/** Which refusals of one user are told: so many a minute, and with the next one how many were not. Thread-safe. */
final class Refusals {
    static final int TOLD_PER_MINUTE = 120;

    private final Pace pace;
    private long untold;

    Refusals(long nowNanos) {
        this.pace = new Pace(TOLD_PER_MINUTE, nowNanos);
    }

    /** How many were not told since the last one that was; empty if this is not told either. */
    synchronized OptionalLong next(long nowNanos) {
        if (!pace.take(nowNanos)) {
            untold++;
            return OptionalLong.empty();
        }
        long before = untold;
        untold = 0;
        return OptionalLong.of(before);
    }
}
