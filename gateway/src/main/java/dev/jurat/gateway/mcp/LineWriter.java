package dev.jurat.gateway.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Writes whole lines to a stream, one after another. Thread-safe; blocks while the other side does not read. */
final class LineWriter {
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
            out.write(line);
            out.write('\n');
            out.flush();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void close() throws IOException {
        out.close();
    }
}
