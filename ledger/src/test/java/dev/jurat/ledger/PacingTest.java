package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PacingTest {
    private static final long MILLI = 1_000_000;

    private final Pacing pacing = new Pacing();
    private long now = 1_000 * MILLI;
    private long waited;

    /** One group each so many nanoseconds, with a commit for each that is not kept waiting. */
    private void come(int groups, long apart) {
        long open = 0;
        for (int i = 0; i < groups; i++) {
            now += apart;
            pacing.taken(now);
            if (now < open) {
                continue;
            }
            long wait = pacing.nanosToWait(now);
            waited += wait;
            open = now + wait;
            if (wait > 0) {
                pacing.waited(wait > apart);
            }
            pacing.began(open);
        }
    }

    @Test
    void nothingWaitsWhileLittleComes() {
        come(500, 2 * MILLI);
        assertEquals(0, waited);
    }

    @Test
    void aBurstAfterSilenceIsNotKeptWaiting() {
        come(Pacing.RECENT - 1, MILLI / 10);
        assertEquals(0, waited);
        now += 10_000 * MILLI;
        come(Pacing.RECENT - 1, MILLI / 10);
        assertEquals(0, waited);
    }

    @Test
    void whatComesQuicklyIsCommittedTogether() {
        come(1_000, MILLI);
        assertTrue(waited > 500 * MILLI, "waited " + waited);
        assertTrue(waited < 1_000 * MILLI);
    }

    @Test
    void aCommitThatTookLongerThanTheSpacingIsFollowedAtOnce() {
        come(1_000, MILLI / 2);
        now += 2 * Pacing.SPACING_NANOS;
        for (int i = 0; i < Pacing.RECENT; i++) {
            pacing.taken(now);
        }
        assertEquals(0, pacing.nanosToWait(now));
    }

    /** A caller who sends the next group once the one before is answered comes quickly, and gains nothing by a wait. */
    @Test
    void whoWaitsForEachAnswerIsSeldomKeptWaiting() {
        int waits = 0;
        for (int i = 0; i < 10_000; i++) {
            now += MILLI / 2;
            pacing.taken(now);
            long wait = pacing.nanosToWait(now);
            if (wait > 0) {
                waits++;
                now += wait;
                pacing.waited(false);
            }
            pacing.began(now);
        }
        assertTrue(waits > 0 && waits < 25, "waited " + waits + " times");
    }
}
