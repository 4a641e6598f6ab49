package dev.jurat.assurance.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP/1.1 proxy between two Unix sockets that can break at a chosen request: before the node sees it, or after the node has
 * committed and answered. Thread-safe.
 */
public final class SocketProxy implements AutoCloseable {
    private static final Pattern PAYLOAD = Pattern.compile("\"payload\":\"([A-Za-z0-9+/=]+)\"");
    private static final Pattern KIND = Pattern.compile("\"kind\":\"([a-z-]+)\"");

    /** What happens to one request. */
    public enum Fault {
        /** Passed on, and the answer passed back. */
        NONE,
        /** The connection is closed before the node sees anything. */
        REFUSED,
        /** Read, never passed on, never answered; the connection stays open. */
        NO_ANSWER,
        /** Passed on and answered by the node; the answer is dropped and the connection closed. */
        ANSWER_LOST,
        /** Passed on and answered by the node; the answer never comes and the connection stays open. */
        ANSWER_WITHHELD
    }

    /** One request as it came; {@code number} counts all of them from 0. */
    public record Request(long number, String method, String path, byte[] body) {
        /** The kinds of the records that a group carries. */
        public List<String> kinds() {
            return kinds(body);
        }

        /** The kinds of the records that stand in this JSON. */
        public static List<String> kinds(byte[] json) {
            Matcher payloads = PAYLOAD.matcher(new String(json, StandardCharsets.ISO_8859_1));
            return payloads.results()
                    .map(m -> new String(Base64.getDecoder().decode(m.group(1)), StandardCharsets.UTF_8))
                    .flatMap(p -> KIND.matcher(p).results().limit(1))
                    .map(m -> m.group(1))
                    .toList();
        }

        /** Whether a record of this kind is submitted. */
        public boolean submits(String kind) {
            return kinds().contains(kind);
        }
    }

    /** Chooses what happens to a request; one that is {@link #seen} has been through it. */
    @FunctionalInterface
    public interface Plan {
        Fault faultOf(Request request);
    }

    private final Path target;
    private final ServerSocketChannel door;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final List<Request> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Plan plan = r -> Fault.NONE;
    private volatile UnaryOperator<String> telling = UnaryOperator.identity();

    private SocketProxy(Path target, ServerSocketChannel door) {
        this.target = target;
        this.door = door;
    }

    /** Listens at {@code own} and passes on to {@code target}. */
    public static SocketProxy start(Path own, Path target) throws IOException {
        Files.deleteIfExists(own);
        ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        door.bind(UnixDomainSocketAddress.of(own));
        SocketProxy proxy = new SocketProxy(target, door);
        Thread.ofPlatform().daemon().start(proxy::accept);
        return proxy;
    }

    /** From now on this plan decides. */
    public void plan(Plan next) {
        plan = next;
    }

    /** From now on answers are passed back as this says, one character a byte; it keeps their length. */
    public void telling(UnaryOperator<String> next) {
        telling = next;
    }

    /** All requests that came so far. */
    public List<Request> seen() {
        return List.copyOf(seen);
    }

    private void accept() {
        try {
            for (; ; ) {
                SocketChannel client = door.accept();
                open.add(client);
                Thread.ofPlatform().daemon().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed: the end of the proxy.
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                SocketChannel node = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            open.add(node);
            InputStream fromClient = new BufferedInputStream(Channels.newInputStream(client));
            while (exchange(client, fromClient, node)) {
                // One request after another, until somebody closes.
            }
        } catch (IOException e) {
            // One side hung up: so does the other.
        } finally {
            open.remove(client);
        }
    }

    private boolean exchange(SocketChannel client, InputStream fromClient, SocketChannel node) throws IOException {
        Message request = Message.read(fromClient, true);
        String[] line = request.firstLine().split(" ");
        Request parsed;
        Fault fault;
        synchronized (this) {
            parsed = new Request(seen.size(), line[0], line[1], request.body());
            fault = plan.faultOf(parsed);
            seen.add(parsed);
        }
        switch (fault) {
            case REFUSED -> {
                return false;
            }
            case NO_ANSWER -> {
                hang();
                return false;
            }
            case NONE, ANSWER_LOST, ANSWER_WITHHELD -> {}
        }
        if (!node.isConnected()) {
            node.connect(UnixDomainSocketAddress.of(target));
        }
        write(node, request.bytes());
        Message answer = Message.read(Channels.newInputStream(node), false);
        switch (fault) {
            case ANSWER_WITHHELD -> hang();
            case NONE ->
                write(
                        client,
                        telling.apply(new String(answer.bytes(), StandardCharsets.ISO_8859_1))
                                .getBytes(StandardCharsets.ISO_8859_1));
            case REFUSED, NO_ANSWER, ANSWER_LOST -> {}
        }
        return fault == Fault.NONE && !answer.closes();
    }

    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(SocketChannel to, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        door.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    /** One HTTP message with a length, in chunks, or without a body. */
    private record Message(String firstLine, String head, byte[] bytes, byte[] body) {
        private static final Pattern LENGTH = Pattern.compile("(?m)^content-length: *([0-9]+)");

        boolean closes() {
            return head.contains("\r\nconnection: close");
        }

        static Message read(InputStream in, boolean request) throws IOException {
            var all = new ByteArrayOutputStream();
            String original = until(in, all, "\r\n\r\n");
            String head = original.toLowerCase(Locale.ROOT);
            int from = all.size();
            Matcher length = LENGTH.matcher(head);
            if (head.contains("\r\ntransfer-encoding: chunked")) {
                for (int size = -1; size != 0; ) {
                    size = Integer.parseInt(until(in, all, "\r\n").strip(), 16);
                    all.writeBytes(in.readNBytes(size + 2));
                }
            } else if (length.find()) {
                all.writeBytes(in.readNBytes(Integer.parseInt(length.group(1))));
            } else if (!request && head.contains("\r\nconnection: close")) {
                all.writeBytes(in.readAllBytes());
            }
            byte[] bytes = all.toByteArray();
            return new Message(
                    original.substring(0, original.indexOf("\r\n")),
                    head,
                    bytes,
                    java.util.Arrays.copyOfRange(bytes, from, bytes.length));
        }

        private static String until(InputStream in, ByteArrayOutputStream all, String end) throws IOException {
            var text = new StringBuilder();
            while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new EOFException();
                }
                all.write(b);
                text.append((char) b);
            }
            return text.toString();
        }
    }
}
