package dev.jurat.custody;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void whatNeverAnswersIsWaitedForWithoutEnd() {
        CountDownLatch never = new CountDownLatch(1);
        long start = System.nanoTime();
        CustodyException e = assertThrows(
                CustodyException.class,
                () -> new Deadline(Duration.ofMillis(100)).within("a token", () -> {
                    try {
                        never.await();
                    } catch (InterruptedException x) {
                        Thread.currentThread().interrupt();
                    }
                    return 1;
                }));
        assertEquals(CustodyCode.TIMEOUT, e.code());
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(10).toNanos());
        never.countDown();
    }

    @Test
    void aFailureBecomesAnother() {
        CustodyException inner = CustodyException.of(CustodyCode.FULL, "full");
        Deadline deadline = new Deadline(Duration.ofSeconds(5));
        CustodyException e = assertThrows(
                CustodyException.class,
                () -> deadline.within("a token", () -> {
                    throw inner;
                }));
        assertEquals(CustodyCode.FULL, e.code());
        assertEquals(7, deadline.within("a token", () -> 7));
    }
}
