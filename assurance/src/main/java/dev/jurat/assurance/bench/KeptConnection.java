package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection to a node's socket that is kept, for requests whose bytes are made beforehand: what the driver spends on HTTP, the node does
 * not have. Reads no answer but one with a length. Not thread-safe.
 */
final class KeptConnection implements AutoCloseable {
    private static final int CONNECTS_MAX = 500;
    private static final long CONNECT_AGAIN_NANOS = 10_000_000;

    private final Path socket;
    private SocketChannel channel;
    private ByteBuffer in = ByteBuffer.allocate(1 << 14);

    KeptConnection(Path socket) throws IOException {
        this.socket = socket;
        this.channel = connect(socket);
    }

    /** Waits for a place in the queue of those who want to be accepted: where that is full, the system says so at once. */
    private static SocketChannel connect(Path socket) throws IOException {
        for (int left = CONNECTS_MAX; ; left--) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(socket));
            } catch (SocketException e) {
                if (left == 0) {
                    throw e;
                }
                LockSupport.parkNanos(CONNECT_AGAIN_NANOS);
            }
        }
    }

    /** Connects anew: a door that is full may hang up before it has read a request. */
    void reopen() throws IOException {
        channel.close();
        channel = connect(socket);
    }

    /** An answer. */
    record Reply(int status, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        Json.Obj json() throws IOException {
            return Values.parse(text());
        }
    }

    /** The bytes of a request that posts JSON. */
    static byte[] post(String path, byte[] body) {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: jurat\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    /** The bytes of a request that reads. */
    static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: jurat\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    Reply exchange(byte[] request) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(request);
        while (out.hasRemaining()) {
            channel.write(out);
        }
        in.clear();
        int head = headEnd();
        String text = new String(in.array(), 0, head, StandardCharsets.US_ASCII);
        int length = length(text);
        while (in.position() < head + length) {
            more(head + length);
        }
        return new Reply(Integer.parseInt(text.substring(9, 12)), Arrays.copyOfRange(in.array(), head, head + length));
    }

    private int headEnd() throws IOException {
        int from = 0;
        while (true) {
            for (int i = from; i + 3 < in.position(); i++) {
                if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                    return i + 4;
                }
            }
            from = Math.max(0, in.position() - 3);
            more(in.position() + 1);
        }
    }

    private static int length(String head) throws IOException {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        throw new IOException("an answer without a length: " + head);
    }

    private void more(int wanted) throws IOException {
        if (wanted > in.capacity()) {
            ByteBuffer larger = ByteBuffer.allocate(Integer.highestOneBit(wanted) * 2);
            larger.put(in.flip());
            in = larger;
        }
        if (channel.read(in) < 0) {
            throw new EOFException("the node closed the connection");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
