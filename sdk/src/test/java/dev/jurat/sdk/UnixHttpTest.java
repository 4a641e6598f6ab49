package dev.jurat.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP client before a peer that answers what a test tells it to. */
class UnixHttpTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    private final AtomicInteger connections = new AtomicInteger();
    private final Deque<String> answers = new ArrayDeque<>();
    private Path socket = Path.of("");
    private ServerSocketChannel server;
    private UnixHttp http;
    private Thread accepting = Thread.currentThread();

    /** One answer a request; {@code close} closes instead, or after the answer that it ends; {@code hang} says nothing more. */
    @BeforeEach
    void start() throws IOException {
        socket = Files.createTempDirectory("jurat").resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        http = new UnixHttp(socket);
        accepting = Thread.ofVirtual().start(this::accept);
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        server.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(socket.getParent());
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(SocketChannel channel) {
        ByteBuffer in = ByteBuffer.allocate(65536);
        try (channel) {
            while (channel.read(in.clear()) > 0) {
                String answer;
                synchronized (answers) {
                    answer = answers.isEmpty() ? "hang" : answers.removeFirst();
                }
                boolean last = answer.endsWith("close");
                answer = last ? answer.substring(0, answer.length() - "close".length()) : answer;
                if (!answer.equals("hang")) {
                    channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
                }
                if (last) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client closed.
        }
    }

    private void say(String... lines) {
        synchronized (answers) {
            answers.addAll(List.of(lines));
        }
    }

    private HttpAnswer get() throws NodeException {
        return http.send(HttpCall.get("/x"), SHORT, 100);
    }

    @Test
    void keepsTheConnectionForTheNextRequest() throws Exception {
        say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\nc");
        assertEquals("ab", new String(get().body(), StandardCharsets.US_ASCII));
        assertEquals(404, get().status());
        assertEquals(1, connections.get());
    }

    @Test
    void readsChunks() throws Exception {
        say(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
        assertEquals("abc0123456789", new String(get().body(), StandardCharsets.US_ASCII));
    }

    @Test
    void keptConnectionThatDiedIsReplacedAndTheSameBytesSentAgain() throws Exception {
        say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "close", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz");
        get();
        assertEquals("z", new String(get().body(), StandardCharsets.US_ASCII));
        assertEquals(2, connections.get());
    }

    @Test
    void keptConnectionThatDiedWhileNobodyAskedIsReplaced() throws Exception {
        say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nclose", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz");
        get();
        Thread.sleep(200);
        assertEquals("z", new String(get().body(), StandardCharsets.US_ASCII));
        assertEquals(2, connections.get());
    }

    @Test
    void peerThatAcceptsAndNeverAnswersCostsTheDeadlineAndNoMore() {
        say("hang");
        long start = System.nanoTime();
        NodeException e = assertThrows(NodeException.class, this::get);
        assertEquals("node-no-answer", e.code());
        assertFalse(e.settled());
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos());
    }

    @Test
    void peerThatStopsInTheMiddleOfAnAnswerCostsTheDeadline() {
        say("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf");
        assertEquals(
                "node-no-answer", assertThrows(NodeException.class, this::get).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\nno length",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/2 200\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n"
            })
    void answerThatIsTooLargeOrNoneIsMalformed(String answer) {
        say(answer);
        assertEquals(
                "node-answer-malformed",
                assertThrows(NodeException.class, this::get).code());
    }

    @Test
    void endlessHeadIsMalformed() {
        say("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(200));
        assertEquals(
                "node-answer-malformed",
                assertThrows(NodeException.class, this::get).code());
    }

    @Test
    void aNodeThatDiesWithTheRequestInHandHasDoneNothing() throws Exception {
        say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "close");
        get();
        server.close();
        accepting.join();
        NodeException e = assertThrows(NodeException.class, this::get);
        assertEquals("node-no-answer", e.code());
        assertFalse(e.settled());
    }

    @Test
    void nobodyListeningIsUnreachableAndSettled() throws Exception {
        server.close();
        // Until the thread that waits there has gone, the socket takes connections that nobody will answer.
        accepting.join();
        NodeException e = assertThrows(NodeException.class, this::get);
        assertEquals("node-unreachable", e.code());
        assertTrue(e.settled());
    }
}
