package dev.jurat.assurance.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fault of the proxy that the node sees, or that the client does not, would prove nothing. */
final class SocketProxyTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"NONE, 200, 1", "REFUSED, 0, 0", "NO_ANSWER, 0, 0", "ANSWER_LOST, 0, 1", "ANSWER_WITHHELD, 0, 1"})
    void aFaultIsNotWhatItsNameSays(SocketProxy.Fault fault, int status, int served) throws IOException {
        var count = new AtomicInteger();
        try (ServerSocketChannel node = node(count);
                SocketProxy proxy = SocketProxy.start(folder.resolve("proxy"), folder.resolve("node"))) {
            proxy.plan(r -> r.number() == 1 ? fault : SocketProxy.Fault.NONE);

            assertEquals(200, ask("/first").status());
            count.set(0);
            assertEquals(status, ask("/second").status());
            assertEquals(served, count.get());
            assertEquals(200, ask("/third").status());
            assertEquals("/third", proxy.seen().getLast().path());
        }
    }

    private RawHttp.Reply ask(String path) throws IOException {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        return RawHttp.send(folder.resolve("proxy"), request, Duration.ofMillis(700));
    }

    private ServerSocketChannel node(AtomicInteger count) throws IOException {
        ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        door.bind(UnixDomainSocketAddress.of(folder.resolve("node")));
        Thread.ofPlatform().daemon().start(() -> {
            try {
                for (; ; ) {
                    serve(door.accept(), count);
                }
            } catch (IOException e) {
                // Closed: the test is over.
            }
        });
        return door;
    }

    private static void serve(SocketChannel client, AtomicInteger count) {
        Thread.ofPlatform().daemon().start(() -> {
            try (client) {
                InputStream in = Channels.newInputStream(client);
                byte[] seen = new byte[4096];
                if (in.read(seen) > 0) {
                    count.incrementAndGet();
                    client.write(ByteBuffer.wrap("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
                            .getBytes(StandardCharsets.US_ASCII)));
                }
            } catch (IOException e) {
                // The proxy hung up, as told.
            }
        });
    }

    @Test
    void kindsOfAGroupAreNotSeen() {
        String payload = java.util.Base64.getEncoder()
                .encodeToString("{\"predicate\":{\"header\":{\"kind\":\"use\"}}}".getBytes(StandardCharsets.US_ASCII));
        var request = new SocketProxy.Request(
                0,
                "POST",
                "/v1/groups",
                ("{\"records\":[{\"payload\":\"" + payload + "\"}]}").getBytes(StandardCharsets.US_ASCII));

        assertEquals(java.util.List.of("use"), request.kinds());
    }
}
