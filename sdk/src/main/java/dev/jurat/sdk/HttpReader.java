package dev.jurat.sdk;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads HTTP/1.1 answers from a channel, with Content-Length or chunked. Everything is bounded: a line at 8 kB, a head at 100 lines, a
 * body at the limit given. Not thread-safe; belongs to one connection.
 */
final class HttpReader {
    private static final int LINE_BYTES_MAX = 8192;
    private static final int HEAD_LINES_MAX = 100;

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(16384).flip();
    private boolean reusable = true;
    private boolean started;

    HttpReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** Whether the connection may carry another request after the answer that was read last. */
    boolean reusable() {
        return reusable && !buffer.hasRemaining();
    }

    /** Another request goes out: nothing of its answer has come yet. */
    void next() {
        started = false;
    }

    /** Whether any byte of the present answer has come. */
    boolean started() {
        return started;
    }

    HttpAnswer read(int bodyBytesMax) throws IOException {
        int status = status(line());
        while (status == 100) {
            head();
            status = status(line());
        }
        Head head = head();
        reusable = !head.close;
        return new HttpAnswer(status, body(status, head, bodyBytesMax));
    }

    private record Head(long length, boolean chunked, boolean close) {}

    private static int status(String line) throws IOException {
        if (line.length() < 12 || !line.startsWith("HTTP/1.1 ")) {
            throw new ProtocolException("not an HTTP/1.1 answer");
        }
        return Math.toIntExact(number(line.substring(9, 12), 10));
    }

    private Head head() throws IOException {
        long length = -1;
        boolean chunked = false;
        boolean close = false;
        for (int lines = 0; ; lines++) {
            String line = line();
            if (line.isEmpty()) {
                return new Head(length, chunked, close);
            }
            int colon = line.indexOf(':');
            if (colon < 1 || lines == HEAD_LINES_MAX) {
                throw new ProtocolException("a malformed or endless head");
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "connection" -> close = value.equalsIgnoreCase("close");
                default -> {}
            }
        }
    }

    private byte[] body(int status, Head head, int max) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (head.chunked) {
            chunks(out, max);
        } else if (head.length >= 0) {
            copy(out, head.length, max);
        } else {
            throw new ProtocolException("an answer of unknown length");
        }
        return out.toByteArray();
    }

    private void chunks(ByteArrayOutputStream out, int max) throws IOException {
        while (true) {
            String size = line();
            int extension = size.indexOf(';');
            long length = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
            if (length == 0) {
                head();
                return;
            }
            copy(out, length, max - out.size());
            if (!line().isEmpty()) {
                throw new ProtocolException("a chunk without its end");
            }
        }
    }

    private void copy(ByteArrayOutputStream out, long length, int room) throws IOException {
        if (length > room) {
            throw new ProtocolException("an answer of more bytes than this client reads");
        }
        long left = length;
        while (left > 0) {
            fill();
            int take = (int) Math.min(left, buffer.remaining());
            out.write(buffer.array(), buffer.position(), take);
            buffer.position(buffer.position() + take);
            left -= take;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            fill();
            byte b = buffer.get();
            if (b == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (line.length() == LINE_BYTES_MAX) {
                throw new ProtocolException("an endless line");
            }
            line.append((char) (b & 0xff));
        }
    }

    private void fill() throws IOException {
        if (buffer.hasRemaining()) {
            return;
        }
        buffer.clear();
        int count = channel.read(buffer);
        buffer.flip();
        if (count <= 0) {
            throw new EOFException("the node closed the connection");
        }
        started = true;
    }

    private static long number(String digits, int radix) throws IOException {
        boolean plain = !digits.isEmpty()
                && digits.length() <= 12
                && digits.chars().allMatch(c -> Character.digit(c, radix) >= 0 && c < 128);
        if (!plain) {
            throw new ProtocolException("not a number: "
                    + new String(digits.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII));
        }
        return Long.parseLong(digits, radix);
    }
}
