package dev.jurat.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AuditProgressTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong now = new AtomicLong(-5);
    private final AuditProgress progress = new AuditProgress(now::get);

    @Test
    void itIsToldForEveryBundle() {
        assertEquals(
                Optional.of("auditing [....................] 256 of 100,000 leaves"), progress.after(256, 100_000));
        now.addAndGet(SECOND / 10);
        assertEquals(Optional.empty(), progress.after(512, 100_000));
        now.addAndGet(SECOND / 10);
        assertEquals(
                Optional.of("auditing [....................] 768 of 100,000 leaves"), progress.after(768, 100_000));
    }

    @Test
    void theTimeThatIsLeftIsNotThatOfTheRate() {
        now.addAndGet(2 * SECOND);
        assertEquals(
                Optional.of("auditing [#####...............] 25,000 of 100,000 leaves, 12,500 a second, 6 s left"),
                progress.after(25_000, 100_000));
        now.addAndGet(98 * SECOND);
        assertEquals(
                Optional.of("auditing [##########..........] 50,000 of 100,000 leaves, 500 a second, 1 min 40 s left"),
                progress.after(50_000, 100_000));
        now.addAndGet(SECOND);
        assertEquals(
                Optional.of("auditing [....................] 101 of 1,000,000 leaves, 1 a second, 277 h 44 min left"),
                progress.after(101, 1_000_000));
    }

    @Test
    void nothingReadOrNothingToReadIsDividedBy() {
        now.addAndGet(2 * SECOND);
        assertEquals(Optional.of("auditing [....................] 0 of 100 leaves"), progress.after(0, 100));
        now.addAndGet(2 * SECOND);
        assertEquals(Optional.of("auditing [####################] 0 of 0 leaves"), progress.after(0, 0));
        now.addAndGet(2 * SECOND);
        assertEquals(
                Optional.of("auditing [####################] 100 of 100 leaves, 17 a second, 0 s left"),
                progress.after(100, 100));
    }
}
