package dev.jurat.app.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Reads request bodies within a limit each and a budget over all: what is too large is refused before it is read whole, and a slow sender
 * holds no more of the budget than has come. Thread-safe.
 */
final class Bodies {
    private static final int PERMIT_BYTES = 1024;
    private static final int STEP_BYTES = 64 << 10;

    private final Semaphore budget;
    private final int bytesTotalMax;

    Bodies(int bytesTotalMax) {
        this.budget = new Semaphore(bytesTotalMax / PERMIT_BYTES);
        this.bytesTotalMax = bytesTotalMax;
    }

    /** A body and its share of the budget, given back on close. */
    final class Held implements AutoCloseable {
        private final byte[] bytes;
        private final int permits;

        private Held(byte[] bytes, int permits) {
            this.bytes = bytes;
            this.permits = permits;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            budget.release(permits);
        }
    }

    /**
     * Reads a body.
     *
     * @param declared the length that the request declares, or -1
     * @throws ApiException 413 {@code body-too-large}, 503 {@code busy}
     * @throws IOException if the connection ends or stalls
     */
    Held read(InputStream in, long declared, long ofRoute) throws ApiException, IOException {
        // What never fits is not told to come again.
        long max = Math.min(ofRoute, bytesTotalMax);
        if (declared > max) {
            throw tooLarge(max);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int held = 0;
        boolean kept = false;
        try {
            while (declared < 0 || out.size() < declared) {
                long left = (declared < 0 ? max + 1 : declared) - out.size();
                byte[] step = in.readNBytes(Math.toIntExact(Math.min(STEP_BYTES, left)));
                if (step.length == 0) {
                    break;
                }
                int permits = (step.length + PERMIT_BYTES - 1) / PERMIT_BYTES;
                if (!budget.tryAcquire(permits)) {
                    throw busy();
                }
                held += permits;
                out.writeBytes(step);
                if (out.size() > max) {
                    throw tooLarge(max);
                }
            }
            kept = true;
            return new Held(out.toByteArray(), held);
        } finally {
            if (!kept) {
                budget.release(held);
            }
        }
    }

    static ApiException busy() {
        return new ApiException(
                503,
                "busy",
                "too much is being answered at once",
                Owner.YOU,
                "send the same request again in a second",
                Map.of("Retry-After", "1"));
    }

    private static ApiException tooLarge(long max) {
        String limit = max == 0 ? "this request takes no body" : "a body here has at most " + max + " bytes";
        return new ApiException(413, "body-too-large", limit, Owner.YOU, "send less; nothing was processed");
    }
}
