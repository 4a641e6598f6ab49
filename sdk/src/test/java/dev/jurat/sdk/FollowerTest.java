package dev.jurat.sdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A follower before a log that grows, goes away, and lies. */
class FollowerTest {
    private static final TrustPolicy TRUST = new TrustPolicy(
            NoteSigner.log(ServedLog.ORIGIN, ServedLog.KEY).verifier(), Optional.empty(), Optional.empty());
    private static final Follower.Waits QUICK =
            new Follower.Waits(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(40));
    private static final int SIZE = 70_000;

    private final List<byte[]> read = Collections.synchronizedList(new ArrayList<>());
    private ServedLog log;
    private HttpLog source;

    @BeforeEach
    void open() throws IOException {
        log = ServedLog.of(600);
        source = new HttpLog(log.address());
    }

    @AfterEach
    void close() {
        source.close();
        log.close();
    }

    private Follower follower(Followed from) throws FormatException {
        return new Follower(source, TRUST, QUICK, from);
    }

    private Follower follower() throws FormatException {
        return follower(Followed.from(TreeSize.EMPTY));
    }

    private void take(LeafIndex first, List<byte[]> leaves, Followed after) {
        assertEquals(read.size(), first.value());
        assertEquals(first.value() + leaves.size(), after.read().value());
        read.addAll(leaves);
    }

    private void assertRead(long size) {
        assertEquals(size, read.size());
        for (int i = 0; i < size; i++) {
            assertArrayEquals(log.entries.get(i), read.get(i));
        }
    }

    @Test
    void leavesAreLostOrComeTwiceWhileTheLogGrows() throws Exception {
        Follower follower = follower();
        assertTrue(follower.poll(this::take));
        assertFalse(follower.poll(this::take));
        for (int more : List.of(1, 5, 161, 1, 255, 257, 1, 2)) {
            log.grow(more, more);
            assertTrue(follower.poll(this::take));
            assertRead(log.size());
            // Each state is enough to go on from, in another process.
            Followed kept = Followed.read(follower.followed().bytes());
            assertEquals(follower.followed(), kept);
            follower = follower(kept);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 512, 65_535, 65_536, 65_537, SIZE})
    void aSizeCannotBeFollowed(int size) throws Exception {
        try (ServedLog other = ServedLog.of(size);
                HttpLog there = new HttpLog(other.address())) {
            Follower follower = new Follower(there, TRUST, QUICK, Followed.from(TreeSize.EMPTY));
            assertTrue(follower.poll(this::take));
            assertEquals(size, read.size());
            int tiles = (int) other.asked.stream()
                    .filter(path -> path.startsWith("tile/") && !path.startsWith("tile/entries"))
                    .count();
            assertTrue(tiles <= size / 256 + size / 65_536 + 8, "asked for " + tiles + " tiles");
        }
    }

    @Test
    void whatIsBeforeTheBeginningIsRead() throws Exception {
        List<Long> firsts = new ArrayList<>();
        Follower follower = follower(Followed.from(new TreeSize(300)));
        follower.poll((first, leaves, after) -> {
            firsts.add(first.value());
            read.addAll(leaves);
        });
        assertEquals(List.of(300L, 512L), firsts);
        assertArrayEquals(log.entries.get(300), read.getFirst());
        assertEquals(300, read.size());
        assertFalse(log.asked.contains("tile/entries/000"));
    }

    @Test
    void aReaderThatFailsLosesLeaves() throws Exception {
        Follower follower = follower();
        assertThrows(
                IllegalStateException.class,
                () -> follower.poll((first, leaves, after) -> {
                    if (first.value() == 256) {
                        throw new IllegalStateException("the disk is full");
                    }
                    take(first, leaves, after);
                }));
        assertEquals(256, follower.followed().read().value());
        assertTrue(follower.poll(this::take));
        assertRead(600);
    }

    // ---- lies

    /** What a log does of which a follower has read 512 leaves, with the code that this is refused with. */
    private record Lie(String code, Consumer<ServedLog> told) {
        @Override
        public String toString() {
            return code;
        }
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] other = bytes.clone();
        other[at < 0 ? other.length + at : at] ^= 1;
        return other;
    }

    private static Lie lie(String code, String path, java.util.function.Function<ServedLog, byte[]> bytes) {
        return new Lie(code, log -> log.lies.put(path, bytes.apply(log)));
    }

    private static SignedNote signed(SoftwareKey key, String text) {
        return NoteSigner.log(ServedLog.ORIGIN, key).note(text);
    }

    static Stream<Lie> lies() {
        EntryBundle last = new EntryBundle(2, 188);
        Tile edge = new Tile(0, 2, 188);
        return Stream.of(
                lie("entries-mismatch", last.path(), log -> flipped(log.bundle(last), -1)),
                lie("entry-bundle-truncated", last.path(), log -> flipped(log.bundle(last), 0)),
                lie("entry-bundle-width", last.path(), log -> log.bundle(new EntryBundle(2, 187))),
                lie("entries-missing", last.path(), log -> new byte[0]),
                lie("tile-mismatch", edge.path(), log -> flipped(log.tile(edge), 5)),
                lie("tile-length", edge.path(), log -> log.tile(new Tile(0, 2, 187))),
                lie("tile-missing", edge.path(), log -> new byte[0]),
                lie("tile-mismatch", "tile/1/000.p/2", log -> flipped(log.tile(new Tile(1, 0, 2)), 5)),
                lie("log-went-back", "checkpoint", log -> log.note(511).bytes()),
                lie("checkpoint-missing", "checkpoint", log -> new byte[0]),
                lie("note-syntax", "checkpoint", log -> "<html>\n".getBytes(StandardCharsets.UTF_8)),
                lie(
                        "note-signature-invalid",
                        "checkpoint",
                        log -> new String(log.note(700).bytes(), StandardCharsets.UTF_8)
                                .replace("\n700\n", "\n699\n")
                                .getBytes(StandardCharsets.UTF_8)),
                lie(
                        "note-signature-missing",
                        "checkpoint",
                        log -> signed(ServedLog.WITNESS, log.note(700).text()).bytes()),
                lie(
                        "tile-missing",
                        "checkpoint",
                        log -> signed(
                                        ServedLog.KEY,
                                        new Checkpoint(ServedLog.ORIGIN, new TreeSize(1L << 60), Rfc6962.EMPTY_ROOT)
                                                .text())
                                .bytes()));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void aLieIsHandedOn(Lie lie) throws Exception {
        Follower follower = readUpTo512();
        SignedNote before = follower.followed().newest().orElseThrow();
        log.grow(100, 99);
        lie.told().accept(log);
        LogRefusedException e = assertThrows(LogRefusedException.class, () -> follower.poll(this::take));
        assertEquals(lie.code(), e.code(), e.getMessage());
        assertEquals(Optional.of(before), e.earlier());
        assertEquals(512, follower.followed().read().value());
        assertEquals(512, read.size());
        log.lies.clear();
        assertTrue(follower.poll(this::take), "a log that tells the truth again is not read any more");
        assertRead(700);
    }

    @Test
    void entriesAndTheirTileThatLieTogetherAreBelieved() throws Exception {
        EntryBundle bundle = new EntryBundle(1, Tile.WIDTH_MAX);
        List<byte[]> others = new ArrayList<>(bundle.decode(log.bundle(bundle)));
        others.set(9, new byte[] {9});
        Tile tile = new Tile(0, 1, Tile.WIDTH_MAX);
        log.lies.put(bundle.path(), bundle.encode(others));
        log.lies.put(
                tile.path(), tile.encode(others.stream().map(Rfc6962::leafHash).toList()));
        LogRefusedException e =
                assertThrows(LogRefusedException.class, () -> follower().poll(this::take));
        assertEquals("tile-mismatch", e.code());
        assertEquals(256, read.size());
    }

    /** A follower that has read the first 512 leaves under a checkpoint of 600. */
    private Follower readUpTo512() throws Exception {
        Follower follower = follower();
        log.lies.put("checkpoint", log.note(512).bytes());
        follower.poll(this::take);
        log.lies.clear();
        return follower;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300})
    void aForkIsFollowed(int more) throws Exception {
        Follower follower = follower();
        follower.poll(this::take);
        SignedNote before = follower.followed().newest().orElseThrow();
        try (ServedLog fork = new ServedLog(0);
                HttpLog there = new HttpLog(fork.address())) {
            fork.grow(599, 7);
            fork.grow(1 + more, 8);
            Follower other = new Follower(there, TRUST, QUICK, follower.followed());
            LogRefusedException e = assertThrows(LogRefusedException.class, () -> other.poll(this::take));
            assertEquals("log-forked", e.code());
            assertEquals(Optional.of(before), e.earlier());
            assertEquals(Optional.of(fork.note(600 + more)), e.given());
            assertEquals(600, read.size());
            assertEquals(before, other.followed().newest().orElseThrow());
        }
    }

    @Test
    void aLogThatWentBackToWhatWasReadIsFollowed() throws Exception {
        Follower follower = follower();
        assertThrows(
                IllegalStateException.class,
                () -> follower.poll((first, leaves, after) -> {
                    if (first.value() == 512) {
                        throw new IllegalStateException("stopped in between");
                    }
                    take(first, leaves, after);
                }));
        log.lies.put("checkpoint", log.note(550).bytes());
        LogRefusedException e = assertThrows(LogRefusedException.class, () -> follower.poll(this::take));
        assertEquals("log-went-back", e.code());
        assertEquals(Optional.of(log.note(600)), e.earlier());
        assertEquals(Optional.of(log.note(550)), e.given());
    }

    @Test
    void aLogIsFollowedWithoutTheWitnessesOfThePolicy() throws Exception {
        NoteSigner witness = NoteSigner.cosigner("witness.example/w", ServedLog.WITNESS);
        TrustPolicy asking = new TrustPolicy(
                TRUST.log(),
                Optional.empty(),
                Optional.of(new TrustPolicy.Witnesses.Counted(1, List.of(witness.verifier()))));
        Follower follower = new Follower(source, asking, QUICK, Followed.from(TreeSize.EMPTY));
        LogRefusedException e = assertThrows(LogRefusedException.class, () -> follower.poll(this::take));
        assertEquals("witness-quorum", e.code());
        SignedNote note = log.note(600);
        log.lies.put(
                "checkpoint",
                note.with(witness.cosign(note.text(), 1_700_000_000)).bytes());
        assertTrue(follower.poll(this::take));
    }

    // ---- away and back

    @Test
    void aLogThatWasAwayIsNotReadOnOrAskedWithoutEnd() throws Exception {
        List<IOException> failures = Collections.synchronizedList(new ArrayList<>());
        Follower follower = follower();
        follower.poll(this::take);
        int port = log.port();
        log.close();
        Thread following = Thread.ofVirtual().start(() -> {
            try {
                follower.follow(this::take, failures::add);
            } catch (LogRefusedException | InterruptedException e) {
                // Ended below.
            }
        });
        Thread.sleep(600);
        int failed = failures.size();
        assertTrue(failed >= 4 && failed < 40, failed + " failures in 600 ms");
        log = new ServedLog(port);
        log.grow(600, 7);
        log.grow(50, 8);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (read.size() < 650 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertRead(650);
        following.interrupt();
        assertTrue(following.join(Duration.ofSeconds(10)), "it follows on after the interrupt");
    }

    @Test
    void aBusyLogIsTakenForALiar() throws Exception {
        Follower follower = follower();
        for (String path : List.of("checkpoint", "tile/0/002.p/88", "tile/entries/001")) {
            log.statuses.put(path, 503);
            assertThrows(IOException.class, () -> follower.poll(this::take));
            log.statuses.clear();
        }
        assertTrue(follower.poll(this::take));
        assertRead(600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint", "tile/0/002.p/88", "tile/entries/000"})
    void anEndlessAnswerIsReadWhole(String path) throws Exception {
        log.lies.put(path, new byte[40 << 20]);
        assertThrows(IOException.class, () -> follower().poll(this::take));
        assertEquals(List.of(), read);
    }

    @Test
    void theWaitsDoNotGrowOrEnd() {
        assertEquals(
                List.of(250L, 500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L),
                Stream.of(1, 2, 3, 4, 5, 6, 7, 8, 1_000_000)
                        .map(n -> Follower.Waits.USUAL.after(n).toMillis())
                        .toList());
    }

    // ---- its state

    @Test
    void aStateOfAnotherLogIsGoneOnFrom() throws Exception {
        SignedNote foreign = signed(ServedLog.WITNESS, log.note(600).text());
        FormatException e = assertThrows(
                FormatException.class, () -> follower(new Followed(new TreeSize(600), Optional.of(foreign))));
        assertEquals("note-signature-missing", e.code());
        FormatException more = assertThrows(
                FormatException.class, () -> follower(new Followed(new TreeSize(601), Optional.of(log.note(600)))));
        assertEquals("follow-state", more.code());
    }

    @Test
    void aDamagedStateIsRead() {
        byte[] good = new Followed(new TreeSize(3), Optional.of(log.note(600))).bytes();
        String text = new String(good, StandardCharsets.UTF_8);
        for (String bad : List.of(
                "",
                "{}",
                text.replace("v1", "v2"),
                text.replace("\"read\":3", "\"read\":-1"),
                text.replace("{", "{\"also\":1,"))) {
            assertThrows(FormatException.class, () -> Followed.read(bad.getBytes(StandardCharsets.UTF_8)), bad);
        }
        assertThrows(FormatException.class, () -> Followed.read(Arrays.copyOf(good, Followed.BYTES_MAX + 1)));
    }
}
