package dev.jurat.assurance.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.proof.record.RecordId;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Readers of the log who are slow, huge, many, or make no sense: records are written all the while, in bounded memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(2)
final class HostileReadersTest {
    private static final int READERS = 1_100;
    private static final long NODE_KILOBYTES_MAX = 900_000;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String END = " HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String ENTRIES = "/tile/entries/000";

    private Site site;
    private Party point;

    @BeforeAll
    void start() throws Exception {
        site = Site.fresh();
        site.up();
        point = Party.point(site);
        while (size() < 300) {
            write(20);
        }
    }

    @AfterAll
    void stop() throws IOException {
        site.close();
    }

    @ParameterizedTest
    @CsvSource({
        "asks for entries and reads nothing, 1, GET",
        "asks for entries compressed and reads nothing, 1, GZIP",
        "asks for them four hundred times at once and reads nothing, 400, GET",
        "sends half a head, 0, GET /tile/ent",
        "says nothing, 0, ''",
        "sends no HTTP, 0, '\u0000\u0001\u0002\u0003'"
    })
    void aReaderStopsTheWriters(String who, int times, String bytes) throws Exception {
        String request = switch (bytes) {
            case "GET" -> ("GET " + ENTRIES + END).repeat(times);
            case "GZIP" -> "GET " + ENTRIES + END.replace("\r\n\r\n", "\r\nAccept-Encoding: gzip\r\n\r\n");
            default -> bytes;
        };
        List<SocketChannel> readers = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                readers.add(reader(request));
                if (i % 100 == 99) {
                    long from = System.nanoTime();
                    write(3);
                    long millis = (System.nanoTime() - from) / 1_000_000;
                    assertTrue(millis < 5_000, who + ": three records took " + millis + " ms");
                }
            }
            long kilobytes = site.node().memoryKilobytes("VmHWM");
            assertTrue(kilobytes < NODE_KILOBYTES_MAX, who + ": " + kilobytes + " kB");
        } finally {
            for (SocketChannel reader : readers) {
                reader.close();
            }
        }
        long size = size();
        try (LogReader reader = new LogReader(site.logAddress())) {
            assertEquals(size, reader.leaves(size).size());
        }
    }

    /** Takes as little as the kernel lets it, and sends as much as goes. */
    private SocketChannel reader(String request) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 2048);
        channel.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), URI.create(site.logAddress()).getPort()));
        channel.configureBlocking(false);
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
        return channel;
    }

    private long size() throws Exception {
        return point.client().head().size();
    }

    private void write(int count) throws Exception {
        RecordId clock = point.client().head().clock();
        List<Entry> group = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            group.add(point.observation(new byte[] {(byte) i}, clock));
        }
        Receipt receipt = point.client().submit(group, SOON);
        assertEquals(count, receipt.results().size());
    }
}
