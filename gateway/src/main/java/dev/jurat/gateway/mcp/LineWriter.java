package dev.jurat.gateway.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Writes whole lines to a stream, one after another. Thread-safe; blocks while the other side does not read. */
final class LineWriter {
    /** A line below this goes out with its end in one piece, so that the other side is woken once, for all of it. */
    private static final int WHOLE_BYTES_MAX = 1 << 16;

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();

    LineWriter(OutputStream out) {
        this.out = out;
    }

    void write(byte[] line) throws IOException {
        write(line, () -> true);
    }

    /** Writes the line if {@code still} holds when its turn has come; says whether it was written. */
    boolean write(byte[] line, BooleanSupplier still) throws IOException {
        lock.lock();
        try {
            if (!still.getAsBoolean()) {
                return false;
            }
            if (line.length < WHOLE_BYTES_MAX) {
                out.write(whole(line));
            } else {
                out.write(line);
                out.write('\n');
            }
            out.flush();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static byte[] whole(byte[] line) {
        byte[] whole = Arrays.copyOf(line, line.length + 1);
        whole[line.length] = '\n';
        return whole;
    }

    void close() throws IOException {
        out.close();
    }
}
