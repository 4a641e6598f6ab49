package dev.jurat.assurance.harness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** HTTP over a Unix socket, byte for byte as the caller writes it, one request a connection. */
public final class RawHttp {
    private RawHttp() {}

    /**
     * What came back until the other side closed.
     *
     * @param status 0 where nothing came
     * @param sent how many bytes of the request were taken before the other side hung up
     */
    public record Reply(int status, String head, byte[] body, long sent) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public Json.Obj json() throws IOException {
            try {
                return CanonicalJson.readLoose(body);
            } catch (FormatException e) {
                throw new IOException("not a JSON object (" + e.code() + "): " + head + text(), e);
            }
        }
    }

    public static Reply get(Path socket, String path) throws IOException {
        return send(socket, request("GET", path, "", new byte[0]), Duration.ofSeconds(30));
    }

    public static Reply post(Path socket, String path, String type, byte[] body) throws IOException {
        return send(socket, request("POST", path, "Content-Type: " + type + "\r\n", body), Duration.ofSeconds(30));
    }

    private static byte[] request(String method, String path, String headers, byte[] body) {
        var out = new ByteArrayOutputStream();
        out.writeBytes((method + " " + path + " HTTP/1.1\r\nHost: jurat\r\nConnection: close\r\n" + headers
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        out.writeBytes(body);
        return out.toByteArray();
    }

    /** Sends these bytes and reads all that comes; at the deadline the connection is cut and what came is the answer. */
    public static Reply send(Path socket, byte[] bytes, Duration timeout) throws IOException {
        var answered = new AtomicBoolean();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Thread watch = Thread.ofPlatform().daemon().start(() -> cut(channel, timeout, answered));
            long[] sent = {0};
            Thread writer = Thread.ofPlatform().daemon().start(() -> sent[0] = write(channel, bytes));
            byte[] all = read(channel);
            answered.set(true);
            watch.interrupt();
            writer.join(Duration.ofSeconds(1));
            return parse(all, sent[0]);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void cut(SocketChannel channel, Duration timeout, AtomicBoolean answered) {
        try {
            Thread.sleep(timeout);
            if (!answered.get()) {
                channel.close();
            }
        } catch (InterruptedException | IOException e) {
            // Answered in time, or closed already.
        }
    }

    private static long write(SocketChannel channel, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            // The other side hung up before it had read everything.
        }
        return buffer.position();
    }

    private static byte[] read(SocketChannel channel) {
        var all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
            }
        } catch (IOException e) {
            // Reset or cut: what came is the answer.
        }
        return all.toByteArray();
    }

    private static Reply parse(byte[] all, long sent) {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Reply(0, text, new byte[0], sent);
        }
        String head = text.substring(0, end);
        byte[] body = java.util.Arrays.copyOfRange(all, end + 4, all.length);
        if (head.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked")) {
            body = unchunk(text.substring(end + 4));
        }
        return new Reply(Integer.parseInt(head.split(" ")[1]), head, body, sent);
    }

    private static byte[] unchunk(String text) {
        var out = new ByteArrayOutputStream();
        int at = 0;
        for (; ; ) {
            int line = text.indexOf("\r\n", at);
            int size = line < 0 ? 0 : Integer.parseInt(text.substring(at, line), 16);
            if (size == 0) {
                return out.toByteArray();
            }
            out.writeBytes(text.substring(line + 2, line + 2 + size).getBytes(StandardCharsets.ISO_8859_1));
            at = line + 2 + size + 2;
        }
    }
}
