package dev.jurat.ledger;

import java.util.concurrent.TimeUnit;

/**
 * How long a commit waits for company. Nothing waits while little comes: a commit begins at once. Where groups come faster than commits a
 * spacing apart could take them one by one, a commit begins a spacing after the one before, with what has come by then: its sync, its
 * signature and its hand-offs are shared. Where such a wait brought nothing, everybody who writes waits for an answer first, and for some
 * time nobody is kept waiting again. For one thread.
 */
final class Pacing {
    /** From one commit's beginning to the next's. */
    static final long SPACING_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Groups that came one after the other, by whose times it is known how fast they come. */
    static final int RECENT = 16;

    private static final int SPACINGS_FOR_RECENT = 6;
    private static final int GROUPS_WITHOUT_WAIT = 512;

    private final long[] came = new long[RECENT];
    private long groups;
    private long began;
    private long waitsAgainAt = RECENT;

    /** A group was taken from the queue. */
    void taken(long now) {
        came[(int) (groups % RECENT)] = now;
        groups++;
    }

    /** How long what was taken may still wait for others, 0 if it may not; asked once all that is there was taken. */
    long nanosToWait(long now) {
        boolean quick =
                groups >= waitsAgainAt && now - came[(int) (groups % RECENT)] < SPACINGS_FOR_RECENT * SPACING_NANOS;
        return quick ? Math.max(0, began + SPACING_NANOS - now) : 0;
    }

    /** That wait is over, and brought others or did not. */
    void waited(boolean brought) {
        if (!brought) {
            waitsAgainAt = groups + GROUPS_WITHOUT_WAIT;
        }
    }

    /** A commit begins. */
    void began(long now) {
        began = now;
    }
}
