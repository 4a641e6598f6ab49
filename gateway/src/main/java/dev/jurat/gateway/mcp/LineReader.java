package dev.jurat.gateway.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into lines at LF, without the LF, byte for byte. A line over the limit is not kept: its bytes are passed over as they
 * come, so memory stays bounded by the limit. Not thread-safe.
 */
final class LineReader {
    /** The most bytes of one message. */
    static final int LINE_BYTES_MAX = 16 << 20;

    private final InputStream in;
    private final int limit;
    private final byte[] buffer = new byte[65536];
    private int at;
    private int end;

    LineReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** A line was longer than the limit; the next call of {@link #next} starts after it. */
    static final class LineTooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        LineTooLongException(int limit) {
            super("a line of more than " + limit + " bytes");
        }
    }

    /** The next line; null at the end of the stream. What the stream ends with and no LF follows is a line too. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        boolean tooLong = false;
        while (fill()) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            tooLong |= line.size() + (at - from) > limit;
            if (tooLong) {
                line = new ByteArrayOutputStream(0);
            } else {
                line.write(buffer, from, at - from);
            }
            if (at < end) {
                at++;
                return whole(line, tooLong);
            }
        }
        return line.size() == 0 && !tooLong ? null : whole(line, tooLong);
    }

    private byte[] whole(ByteArrayOutputStream line, boolean tooLong) throws LineTooLongException {
        if (tooLong) {
            throw new LineTooLongException(limit);
        }
        return line.toByteArray();
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
        }
        return end > 0;
    }
}
