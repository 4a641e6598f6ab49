package dev.jurat.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.Lane.Draft;
import dev.jurat.sdk.Lane.Fate;
import java.io.ByteArrayOutputStream;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order and the fate of what a session signs, before a node that admits everything. */
class LaneTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Session session = Session.prepare(
            KeyFile.generate("system", SignerType.SERVICE, RandomSource.secure()),
            RecordId.NONE,
            RandomSource.secure());
    private final BlockingQueue<List<Entry>> groups = new ArrayBlockingQueue<>(10);
    private final BlockingQueue<Fate> fates = new ArrayBlockingQueue<>(10);
    private ServerSocketChannel server;
    private JuratClient client;
    private Spool spool;
    private Lane lane;

    @BeforeEach
    void start() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        Thread.ofVirtual().start(this::serve);
        client = new JuratClient(address.getPath(), SOON);
        spool = Spool.open(folder.resolve("spools"), "a");
        lane = new Lane(session, client, new Seen(client, RecordId.NONE), spool);
    }

    @AfterEach
    void stop() throws Exception {
        lane.close();
        spool.close();
        client.close();
        server.close();
    }

    private void serve() {
        try (SocketChannel channel = server.accept();
                InputStream in = Channels.newInputStream(channel)) {
            while (true) {
                List<Entry> group = group(in);
                groups.add(group);
                channel.write(ByteBuffer.wrap(answer(group)));
            }
        } catch (IOException e) {
            // The test is over.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Entry> group(InputStream in) throws Exception {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.write(next);
        }
        String length =
                head.toString(StandardCharsets.US_ASCII).replaceAll("(?s).*Content-Length: ([0-9]+)\r\n.*", "$1");
        Fields body = Fields.of(CanonicalJson.readObject(in.readNBytes(Integer.parseInt(length))), "body");
        List<Entry> group = new ArrayList<>();
        for (Json item : body.array("records")) {
            group.add(Entry.read(item));
        }
        return group;
    }

    private static byte[] answer(List<Entry> group) {
        List<Json> results = new ArrayList<>();
        for (Entry entry : group) {
            results.add(JsonBuilder.object()
                    .put("id", entry.record().id().hex())
                    .put("status", "admitted")
                    .build());
        }
        byte[] body = CanonicalJson.write(JsonBuilder.object()
                .put("clock", RecordId.NONE.hex())
                .put("results", new Json.Arr(results))
                .build());
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
        return (head + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private static Draft outcome() {
        return Draft.of(
                new ExecutionFacts.Outcome(ExecutionFacts.Result.SUCCESS, Optional.empty(), 0),
                References.of("use", RecordId.NONE),
                JsonBuilder.object().build());
    }

    private static Draft use() {
        String proof = java.util.Base64.getEncoder().encodeToString(new byte[64]);
        return Draft.of(
                new ExecutionFacts.Use(Hash.ZERO, 1, "0".repeat(32), proof, 1000, 1000, Map.of()),
                References.of("identity", RecordId.NONE),
                JsonBuilder.object().build());
    }

    private static Draft unsignable() {
        return new Draft(
                salt -> {
                    throw new IllegalArgumentException("a statement that may not be signed");
                },
                References.NONE,
                JsonBuilder.object().build(),
                Optional.empty());
    }

    /** What lingers is signed before what it waits for: the numbers have to stay in the order of the group. */
    @Test
    void whatLingersStandsBeforeWhatItWaitedForInOneGroup() throws Exception {
        try (Lane.Expectation ignored = lane.expect()) {
            lane.submit(outcome(), fates::add);
            lane.submit(outcome(), fates::add);
            Fate fate = lane.submit(use()).await(SOON, fates::add);
            assertInstanceOf(Fate.Admitted.class, fate);
        }
        List<Entry> sent = new ArrayList<>();
        while (sent.size() < 3) {
            sent.addAll(groups.poll(20, TimeUnit.SECONDS));
        }
        assertEquals(
                List.of(Kind.OUTCOME, Kind.OUTCOME, Kind.USE),
                sent.stream().map(entry -> entry.record().kind()).toList());
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(i, sent.get(i).record().header().sequence());
        }
        assertEquals(3, session.next());
        assertInstanceOf(Fate.Admitted.class, fates.poll(20, TimeUnit.SECONDS));
    }

    /** Whoever waits for a record that cannot be signed is told so, and does not wait until its time is over. */
    @Test
    void whatCannotBeSignedIsDropped() throws Exception {
        Fate fate = lane.submit(unsignable()).await(SOON, late -> {});
        assertInstanceOf(Fate.Dropped.class, fate);
        assertTrue(lane.isBroken());
    }

    @Test
    void whatLingersAndCannotBeSignedIsDroppedWithItsCompany() throws Exception {
        try (Lane.Expectation ignored = lane.expect()) {
            lane.submit(outcome(), fates::add);
            lane.submit(unsignable(), fates::add);
            assertInstanceOf(Fate.class, fates.poll(20, TimeUnit.SECONDS));
            assertInstanceOf(Fate.class, fates.poll(20, TimeUnit.SECONDS));
        }
        assertTrue(lane.isBroken());
    }
}
