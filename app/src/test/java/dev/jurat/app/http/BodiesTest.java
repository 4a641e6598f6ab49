package dev.jurat.app.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What request bodies may hold. */
class BodiesTest {
    private static final int TOTAL = 1 << 20;
    private static final int UNKNOWN = -1;

    private final Bodies bodies = new Bodies(TOTAL);

    private Bodies.Held read(InputStream in, long declared, long max) throws ApiException, IOException {
        return bodies.read(in, declared, max);
    }

    private static InputStream of(int bytes) {
        return new ByteArrayInputStream(new byte[bytes]);
    }

    private static String code(Executable reading) {
        return assertThrows(ApiException.class, reading).code();
    }

    @Test
    void aBodyIsReadWhole() throws Exception {
        byte[] sent = "a body".getBytes(StandardCharsets.US_ASCII);
        try (Bodies.Held held = read(new ByteArrayInputStream(sent), UNKNOWN, sent.length)) {
            assertArrayEquals(sent, held.bytes());
        }
    }

    @Test
    void oneByteTooManyIsRefused() throws Exception {
        try (Bodies.Held held = read(of(100_000), UNKNOWN, 100_000)) {
            assertEquals(100_000, held.bytes().length);
        }
        assertEquals("body-too-large", code(() -> read(of(100_001), UNKNOWN, 100_000)));
        assertEquals("body-too-large", code(() -> read(of(1), UNKNOWN, 0)));
    }

    @Test
    void whatIsDeclaredTooLargeIsNotRead() {
        InputStream untouchable = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("was read");
            }
        };
        assertEquals("body-too-large", code(() -> read(untouchable, 11, 10)));
    }

    @Test
    void whatIsTooLargeIsNotReadToItsEnd() {
        AtomicLong given = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                given.incrementAndGet();
                return 'x';
            }
        };
        assertEquals("body-too-large", code(() -> read(endless, UNKNOWN, 1000)));
        assertTrue(given.get() <= 1001, given + " bytes");
    }

    @Test
    void theBudgetIsOverAllAndGivenBack() throws Exception {
        try (Bodies.Held first = read(of(TOTAL - 1024), TOTAL - 1024, TOTAL)) {
            assertEquals("busy", code(() -> read(of(2048), 2048, TOTAL)));
            assertEquals(TOTAL - 1024, first.bytes().length);
        }
        try (Bodies.Held again = read(of(TOTAL), TOTAL, TOTAL)) {
            assertEquals(TOTAL, again.bytes().length);
        }
    }

    @Test
    void aSlowSenderHoldsWhatHasComeAlone() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (PipedOutputStream slow = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(slow)) {
            Thread reader = Thread.ofPlatform().start(() -> {
                waiting.countDown();
                try {
                    read(in, UNKNOWN, TOTAL).close();
                } catch (ApiException | IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            slow.write('x');
            assertTrue(waiting.await(10, TimeUnit.SECONDS));
            try (Bodies.Held other = read(of(TOTAL), TOTAL, TOTAL)) {
                assertEquals(TOTAL, other.bytes().length);
            }
            slow.close();
            reader.join();
        }
    }
}
