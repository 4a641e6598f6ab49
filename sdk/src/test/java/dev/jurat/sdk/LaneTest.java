package dev.jurat.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import dev.jurat.proof.record.SignedRecord;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order and the fate of what a session signs, before a node that admits everything, or is silent for a while. */
class LaneTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Session session = Session.prepare(
            KeyFile.generate("system", SignerType.SERVICE, RandomSource.secure()),
            RecordId.NONE,
            RandomSource.secure());
    private final BlockingQueue<List<Entry>> groups = new LinkedBlockingQueue<>();
    private final BlockingQueue<Fate> fates = new LinkedBlockingQueue<>();
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private ServerSocketChannel server;
    private JuratClient client;
    private Spool spool;
    private Lane lane;

    @BeforeEach
    void start() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        Thread.ofVirtual().start(this::accept);
        client = new JuratClient(address.getPath(), SOON);
        spool = Spool.open(folder.resolve("spools"), "a");
        lane = new Lane(session, client, new Seen(client, RecordId.NONE), spool);
    }

    @AfterEach
    void stop() throws Exception {
        answers.countDown();
        lane.close();
        spool.close();
        client.close();
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(SocketChannel channel) {
        try (channel;
                InputStream in = Channels.newInputStream(channel)) {
            while (true) {
                List<Entry> group = group(in);
                groups.add(group);
                answers.await();
                channel.write(ByteBuffer.wrap(answer(group)));
            }
        } catch (IOException e) {
            // The client hung up.
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

    private static Draft outcome(int bytes) {
        byte[] large = RandomSource.secure().bytes(bytes / 4 * 3);
        return Draft.of(
                new ExecutionFacts.Outcome(ExecutionFacts.Result.SUCCESS, Optional.empty(), 0),
                References.of("use", RecordId.NONE),
                JsonBuilder.object()
                        .put("x", java.util.Base64.getEncoder().encodeToString(large))
                        .build());
    }

    /** Submits an outcome to a node that does not answer, and returns when the node has it. */
    private void silence() throws Exception {
        answers = new CountDownLatch(1);
        lane.submit(outcome(), fates::add);
        assertEquals(1, groups.take().size());
    }

    /** What a process finds that takes the spool after this one was killed now. */
    private List<SignedRecord> found() throws Exception {
        Path then = Files.createTempDirectory(folder, "then");
        Files.createDirectory(then.resolve("a"));
        for (String name : List.of("lock", "records")) {
            Files.copy(
                    folder.resolve("spools/a").resolve(name), then.resolve("a").resolve(name));
        }
        try (Spool copy = Spool.takeFree(then, (path, why) -> {
                    throw new AssertionError(why);
                })
                .getFirst()) {
            Spool.Kept last = copy.unsettled().getLast();
            assertEquals(last.record(), copy.read(last).record());
            assertTrue(copy.read(last).body().isPresent());
            return copy.unsettled().stream().map(Spool.Kept::record).toList();
        }
    }

    private List<SignedRecord> awaitFound(int count) throws Exception {
        List<SignedRecord> found = found();
        for (long end = System.nanoTime() + SOON.toNanos(); found.size() < count && System.nanoTime() < end; ) {
            Thread.sleep(200);
            found = found();
        }
        return found;
    }

    private static List<Long> numbers(List<SignedRecord> records) {
        return records.stream().map(r -> r.header().sequence()).toList();
    }

    private static List<Long> numbers(long from, long end) {
        return LongStream.range(from, end).boxed().toList();
    }

    /** What the node has been sent beside number 0. */
    private List<SignedRecord> sent(int count) throws Exception {
        Map<Long, SignedRecord> sent = new java.util.LinkedHashMap<>();
        while (sent.size() < count) {
            List<Entry> group = groups.poll(20, TimeUnit.SECONDS);
            assertNotNull(group, "sent: " + sent.keySet());
            assertTrue(group.size() <= 32);
            group.stream()
                    .filter(e -> e.record().header().sequence() > 0)
                    .forEach(e -> sent.put(e.record().header().sequence(), e.record()));
        }
        return List.copyOf(sent.values());
    }

    /** The node is silent, and the process is killed: what it knew is there for the next one, and what did not happen is not. */
    @Test
    void whatIsKnownIsLostWhileAGroupIsUnanswered() throws Exception {
        silence();
        Lane.Ticket use = lane.submit(use());
        for (int i = 0; i < 5; i++) {
            lane.submit(outcome(), fates::add);
        }
        List<SignedRecord> found = awaitFound(6);
        assertEquals(numbers(0, 6), numbers(found));
        assertTrue(found.stream().allMatch(r -> r.kind() == Kind.OUTCOME));

        answers.countDown();
        assertInstanceOf(Fate.Admitted.class, use.await(SOON, late -> {}));
        for (int i = 0; i < 6; i++) {
            assertInstanceOf(Fate.Admitted.class, fates.poll(20, TimeUnit.SECONDS));
        }
        assertEquals(numbers(1, 7), numbers(sent(6)));
        assertEquals(Lane.End.DONE, lane.finish(SOON));
        assertTrue(spool.unsettled().isEmpty());
    }

    @Test
    void whatIsQueuedAtAnOrderlyEndIsLost() throws Exception {
        silence();
        Lane.Ticket use = lane.submit(use());
        lane.submit(outcome(), fates::add);
        assertEquals(Lane.End.LEFT, lane.finish(Duration.ZERO));
        assertInstanceOf(Fate.Dropped.class, use.await(SOON, late -> {}));
        assertEquals(numbers(0, 2), numbers(found()));
        assertEquals(List.of(), List.copyOf(fates));
    }

    /** More than a group takes, by number and by size. */
    @Test
    void whatWasSignedAheadIsSentInOneGroup() throws Exception {
        silence();
        for (int i = 0; i < 70; i++) {
            lane.submit(outcome(), fates::add);
        }
        for (int i = 0; i < 12; i++) {
            lane.submit(outcome(1_500_000), fates::add);
        }
        assertEquals(numbers(0, 83), numbers(awaitFound(83)));
        answers.countDown();
        assertEquals(numbers(1, 83), numbers(sent(82)));
        assertEquals(Lane.End.DONE, lane.finish(SOON));
        assertEquals(83, fates.size());
        assertTrue(spool.unsettled().isEmpty());
    }

    /** A use whose caller has gone while the node was silent never happened. */
    @Test
    void aUseThatNobodyWaitsForAnyMoreIsSigned() throws Exception {
        silence();
        assertNull(lane.submit(use()).await(Duration.ofMillis(200), fates::add));
        lane.submit(outcome(), fates::add);
        assertEquals(numbers(0, 2), numbers(awaitFound(2)));
        answers.countDown();
        assertEquals(Lane.End.DONE, lane.finish(SOON));
        assertEquals(2, session.next());
    }

    /** A client that is refused on and on while the node is silent must not push out what is known of its calls. */
    @Test
    void whatMayBeDroppedTakesTheRoomOfTheRest() throws Exception {
        silence();
        int taken = 0;
        for (int i = 0; i < 5000; i++) {
            taken += lane.offer(outcome(), Duration.ZERO) ? 1 : 0;
        }
        assertTrue(taken >= 512 && taken < 5000, "taken: " + taken);
        for (int i = 0; i < 3000; i++) {
            lane.submit(outcome(), fates::add);
        }
        int all = 1 + taken + 3000;
        assertEquals(all, awaitFound(all).size());
        answers.countDown();
        assertEquals(Lane.End.DONE, lane.finish(SOON.multipliedBy(4)));
        assertEquals(3001, fates.size());
    }

    /** What was kept ahead of a silent node is on the disk and not in memory, however much it is. */
    @Test
    void whatIsKeptAheadFillsTheMemory() throws Exception {
        silence();
        long before = used();
        for (int i = 0; i < 30; i++) {
            lane.submit(outcome(2_000_000), fates::add);
        }
        assertEquals(31, awaitFound(31).size());
        long more = used() - before;
        assertTrue(more < 20 << 20, "30 outcomes of 2 MB take " + more);
        answers.countDown();
        assertEquals(Lane.End.DONE, lane.finish(SOON.multipliedBy(4)));
        assertEquals(31, fates.size());
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Asked for by the lane's own thread, which cannot wait for itself. */
    @Test
    void whatALateFateAsksForIsDroppedWhereTheQueueIsFull() throws Exception {
        silence();
        Lane.Ticket first = lane.submit(use());
        answers.countDown();
        assertInstanceOf(Fate.Admitted.class, first.await(SOON, late -> {}));
        silence();
        lane.submit(outcome(), fate -> lane.follow(outcome()));
        answers.countDown();
        assertEquals(Lane.End.DONE, lane.finish(SOON));
        assertEquals(5, session.next());
    }
}
