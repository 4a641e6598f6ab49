package dev.jurat.gateway.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into lines at LF, without the LF, byte for byte. What no LF ends is no line. A line over the limit is not kept: its bytes are passed over as they
 * come, so memory stays bounded by the limit. Not thread-safe.
 */
final class LineReader {
    /** The most bytes of one message. */
    static final int LINE_BYTES_MAX = 16 << 20;

    /** A line from this many bytes on is large: what copies one, or reads it, does so while no other is copied or read. */
    static final int LARGE_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 1024;

    private final InputStream in;
    private final int limit;
    private final boolean passesOver;
    private final ReentrantLock large;
    private final byte[] buffer = new byte[65536];
    private int at;
    private int end;
    private byte[] line = new byte[0];
    private int length;

    LineReader(InputStream in, int limit) {
        this(in, limit, true, new ReentrantLock(true));
    }

    /**
     * Lines of a stream.
     *
     * @param passesOver whether a line over the limit is passed over to its end, so that the next one can be read; else it is told of at once,
     *     wherever it may end, and nothing is read after it
     * @param large held while a large line is copied, and never while this waits for the stream
     */
    LineReader(InputStream in, int limit, boolean passesOver, ReentrantLock large) {
        this.in = in;
        this.limit = limit;
        this.passesOver = passesOver;
        this.large = large;
    }

    /** A line was longer than the limit; where such lines are passed over, the next call of {@link #next} starts after it. */
    static final class LineTooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        LineTooLongException(int limit) {
            super("a line of more than " + limit + " bytes");
        }
    }

    /** The stream ended within a line: what came of it is no message, since nobody knows what was to follow. The next call has null. */
    static final class LineUnfinishedException extends IOException {
        private static final long serialVersionUID = 1L;

        LineUnfinishedException() {
            super("the stream ended within a line");
        }
    }

    /** The next line; null at the end of the stream, or where only blanks stand before that. */
    byte @Nullable [] next() throws IOException {
        line = new byte[0];
        length = 0;
        boolean tooLong = false;
        while (fill()) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            tooLong |= length + (at - from) > limit;
            if (tooLong) {
                line = new byte[0];
            } else {
                keep(from, at - from);
            }
            if (tooLong && !passesOver) {
                return whole(true);
            }
            if (at < end) {
                at++;
                return whole(tooLong);
            }
        }
        if (tooLong) {
            return whole(true);
        }
        if (!isBlank()) {
            length = 0;
            line = new byte[0];
            throw new LineUnfinishedException();
        }
        return null;
    }

    /** Reads what is left of the stream, and keeps nothing of it: whoever writes it is not held up. */
    void drain() throws IOException {
        while (in.read(buffer) >= 0) {
            // Nobody wants it.
        }
    }

    private boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private void keep(int from, int count) {
        if (length + count > line.length) {
            int room = Math.clamp(2L * line.length, Math.max(FIRST_BYTES, length + count), limit);
            resize(Math.max(room, length + count));
        }
        System.arraycopy(buffer, from, line, length, count);
        length += count;
    }

    private void resize(int size) {
        if (size >= LARGE_BYTES) {
            large.lock();
            try {
                line = Arrays.copyOf(line, size);
            } finally {
                large.unlock();
            }
        } else {
            line = Arrays.copyOf(line, size);
        }
    }

    private byte[] whole(boolean tooLong) throws LineTooLongException {
        if (!tooLong && length < line.length) {
            resize(length);
        }
        byte[] whole = line;
        line = new byte[0];
        if (tooLong) {
            throw new LineTooLongException(limit);
        }
        return whole;
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
        }
        return end > 0;
    }
}
