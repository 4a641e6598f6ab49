package dev.jurat.ledger.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.RightEdge;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opens logs from what is known of their first leaves, and compares with what reading all of them gives. */
class OpeningTest {
    private static final RandomSource RANDOM = new Random(5)::nextBytes;
    private static final int SEGMENT_BYTES = 8 << 10;

    /** With a full tile of the second level. */
    private static final FaultStorage LARGE = large();

    private final MerkleTree tree = new MerkleTree();

    private static FaultStorage large() {
        try {
            return log(66_900, 66_900 / 256, 256);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] leaf(long index) {
        return ("leaf " + index).getBytes(StandardCharsets.US_ASCII);
    }

    private static Entry entry(long index) {
        return new Entry(leaf(index), Optional.empty());
    }

    /** The root of the first leaves of every log here. */
    private Hash root(long size) {
        while (tree.size().value() < size) {
            tree.append(Rfc6962.leafHash(leaf(tree.size().value())));
        }
        return tree.root(new TreeSize(size));
    }

    private LogStore.Known known(long size) {
        return new LogStore.Known(size, root(size));
    }

    private static void append(LogStore store, long until, int atOnce) throws IOException {
        while (store.size() < until) {
            List<Entry> entries = new ArrayList<>();
            for (long index = store.size(); index < Math.min(until, store.size() + atOnce); index++) {
                entries.add(entry(index));
            }
            store.append(entries);
        }
    }

    /** A log with some of its bundles sealed. */
    private static FaultStorage log(long size, int sealed, int atOnce) throws IOException {
        FaultStorage storage = new FaultStorage();
        try (LogStore store = LogStore.create(storage, RANDOM, SEGMENT_BYTES)) {
            append(store, size, atOnce);
            for (int i = 0; i < sealed; i++) {
                store.sealNext();
                store.trim();
            }
        }
        return storage;
    }

    /** Notes what it is told, and checks what it is told of the leaves that it is not given. */
    private final class Reader implements EntryReader {
        final List<Long> read = new ArrayList<>();
        long resumed = -1;
        String startedOver = "";
        boolean torn;
        private LeafSource earlier = index -> {
            throw new AssertionError("not begun");
        };
        private RightEdge edge = RightEdge.empty();

        @Override
        public void begins(LeafSource leaves) {
            assertEquals(-1, resumed);
            earlier = leaves;
        }

        @Override
        public void read(long index, byte[] leaf) throws IOException {
            assertArrayEquals(leaf(index), leaf);
            assertEquals(edge.size().value(), index);
            edge.append(Rfc6962.leafHash(leaf));
            read.add(index);
            if (index % 50 == 0) {
                assertArrayEquals(leaf(index / 2), earlier.leaf(index / 2));
                assertArrayEquals(leaf(index), earlier.leaf(index));
            }
        }

        @Override
        public void resumes(Skipped skipped, LeafSource leaves) throws IOException, StorageException {
            assertEquals(-1, resumed);
            assertTrue(read.isEmpty());
            resumed = skipped.size();
            edge = skipped.edge();
            assertArrayEquals(leaf(0), skipped.genesis());
            assertEquals(root(resumed), edge.root());
            for (long size = resumed; size > 0; size -= 1 + size / 7) {
                assertEquals(root(size), skipped.rootAt(size));
                assertArrayEquals(leaf(size - 1), leaves.leaf(size - 1));
            }
            earlier = leaves;
            assertThrows(IllegalArgumentException.class, () -> skipped.rootAt(resumed + 1));
        }

        @Override
        public void startsOver(String why) {
            startedOver = why;
        }

        @Override
        public void torn() {
            torn = true;
        }
    }

    private static LogStore open(FaultStorage storage, LogStore.Known known, Reader reader)
            throws IOException, StorageException {
        return LogStore.open(storage, RANDOM, SEGMENT_BYTES, Optional.of(known), reader);
    }

    private void assertServes(LogStore store, long size) throws IOException {
        assertEquals(size, store.size());
        assertEquals(root(size), store.root());
        for (Tile tile : Tile.of(new TreeSize(size))) {
            List<Hash> hashes = new ArrayList<>();
            long width = 1L << 8 * tile.level();
            for (long at = tile.index() * Tile.WIDTH_MAX; hashes.size() < tile.width(); at++) {
                hashes.add(tree.hash(8 * tile.level(), at));
            }
            assertArrayEquals(tile.encode(hashes), store.tile(tile), tile.path() + " of " + width);
        }
        for (long index = 0; index < size; index += 1 + size / 50) {
            assertArrayEquals(leaf(index), store.leaf(index));
        }
    }

    /** It opens from each size, whatever is sealed then, and goes on to be the same log. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aSizeRelativeToSealAndJournalOpensToAnotherLog(int sealed) throws Exception {
        long size = 600;
        FaultStorage whole = log(size, sealed, 7);
        for (long from = 1; from <= size; from++) {
            Reader reader = new Reader();
            FaultStorage storage = whole.afterKill();
            try (LogStore store = open(storage, known(from), reader)) {
                assertEquals(from, reader.resumed);
                assertEquals(size - from, reader.read.size());
                assertEquals(256L * sealed, store.sealedSize());
                if (from % 61 == 0 || from % 256 < 2 || from == size) {
                    assertServes(store, size);
                    append(store, size + 200, 9);
                    while (store.sealNext()) {
                        store.trim();
                    }
                    assertServes(store, size + 200);
                }
            }
            if (from % 61 == 0) {
                Reader all = new Reader();
                try (LogStore store = LogStore.open(storage, RANDOM, SEGMENT_BYTES, all)) {
                    assertEquals(store.size(), all.read.size());
                    assertServes(store, size + 200);
                }
            }
        }
    }

    @Test
    void tilesAboveTheFirstLevelAreNotMadeAgain() throws Exception {
        long size = 66_900;
        FaultStorage whole = LARGE.afterKill();
        for (long from : new long[] {1, 256, 65_280, 65_535, 65_536, 65_537, 65_792, 66_048, 66_817, size}) {
            Reader reader = new Reader();
            FaultStorage storage = whole.afterKill();
            try (LogStore store = open(storage, known(from), reader)) {
                assertEquals(from, reader.resumed);
                assertServes(store, size);
                append(store, size + 600, 100);
                while (store.sealNext()) {
                    store.trim();
                }
                assertServes(store, size + 600);
            }
        }
    }

    @Test
    void aSealedBundleBelowIsRead() throws Exception {
        FaultStorage unreadable = log(900, 3, 7).emptied("tile/entries/001");
        List<Long> read = new ArrayList<>();
        EntryReader reader = new EntryReader() {
            @Override
            public void read(long index, byte[] leaf) {
                read.add(index);
            }

            @Override
            public void resumes(Skipped skipped, LeafSource leaves) {}
        };
        try (LogStore store = LogStore.open(unreadable, RANDOM, SEGMENT_BYTES, Optional.of(known(800)), reader)) {
            assertEquals(100, read.size());
            assertEquals(root(900), store.root());
        }
    }

    @Test
    void whatIsKnownOfAnotherLogIsBelieved() throws Exception {
        for (long from : new long[] {1, 255, 256, 300, 512, 513, 700, 900}) {
            Reader reader = new Reader();
            try (LogStore store = open(log(900, 2, 7), new LogStore.Known(from, Hash.of(new byte[] {1})), reader)) {
                assertStartedOver(reader, store, 900);
            }
        }
    }

    private void assertStartedOver(Reader reader, LogStore store, long size) throws IOException {
        assertEquals(-1, reader.resumed);
        assertTrue(!reader.startedOver.isEmpty());
        assertEquals(size, reader.read.size());
        assertServes(store, size);
    }

    @Test
    void aLogThatIsShorterThanWhatIsKnownIsGoneOnWith() throws Exception {
        for (long from : new long[] {901, 1000, 1024, 5000}) {
            Reader reader = new Reader();
            try (LogStore store = open(log(900, 2, 7), known(from), reader)) {
                assertStartedOver(reader, store, 900);
            }
        }
    }

    /** A last frame that was cut off is removed only by a reading that may. */
    @Test
    void aTornTailIsRemovedBeforeTheRootIsKnown() throws Exception {
        FaultStorage storage = log(600, 2, 7);
        LogStore store = LogStore.open(storage, RANDOM, SEGMENT_BYTES, new Reader());
        storage.failAt(0, Fault.SHORT);
        assertThrows(IOException.class, () -> store.append(List.of(entry(600), entry(601))));
        for (long from : new long[] {500, 600, 602}) {
            Reader reader = new Reader();
            try (LogStore opened = open(storage.afterKill(), known(from), reader)) {
                assertTrue(reader.torn);
                assertEquals(from > 600 ? -1 : from, reader.resumed);
                assertServes(opened, 600);
            }
        }
    }

    @Test
    void aLostOrChangedTileIsBelieved() throws Exception {
        FaultStorage whole = LARGE.afterKill();
        int read = 0;
        for (String path : List.of("tile/0/000", "tile/0/255", "tile/0/256", "tile/0/259", "tile/1/000")) {
            FaultStorage changed = whole.afterKill();
            changed.flip(path, 40);
            for (FaultStorage damaged : List.of(whole.without(path), whole.emptied(path), changed)) {
                Reader reader = new Reader();
                try (LogStore store = open(damaged.afterKill(), known(66_850), reader)) {
                    // What the root is not computed from is not read.
                    assertEquals(66_850, reader.resumed);
                    assertEquals(root(66_900), store.root());
                    read++;
                } catch (StorageException e) {
                    assertEquals(-1, reader.resumed);
                    assertEquals("tile-damaged", e.code());
                }
            }
        }
        assertEquals(3, read, "of all, tile/0/255 alone is not read, since tile/1/000 has it");
    }

    @Test
    void aLostBundleBelowStartsALog() throws Exception {
        for (String path : List.of("tile/entries/000", "tile/entries/001")) {
            Reader reader = new Reader();
            StorageException e = assertThrows(
                    StorageException.class, () -> open(log(900, 3, 7).without(path), known(850), reader));
            assertEquals("journal-gap", e.code());
            assertEquals(-1, reader.resumed);
        }
    }

    /** Leaf 0 is given without its bundle having been read: it is held against the root. */
    @Test
    void anotherLeaf0IsHandedOver() throws Exception {
        FaultStorage changed = log(900, 3, 7);
        changed.flip("tile/entries/000", 3);
        // The reading of all leaves, which follows, finds it too.
        StorageException e = assertThrows(
                StorageException.class,
                () -> LogStore.open(
                        changed,
                        RANDOM,
                        SEGMENT_BYTES,
                        Optional.of(known(850)),
                        (index, leaf) -> assertTrue(index < 256)));
        assertEquals("tile-damaged", e.code());
    }

    @Test
    void whatTheReaderRefusesIsReadAgain() {
        for (long from : new long[] {300, 850}) {
            EntryReader refuses = new EntryReader() {
                @Override
                public void read(long index, byte[] leaf) {
                    throw new AssertionError("leaf " + index);
                }

                @Override
                public void resumes(Skipped skipped, LeafSource leaves) throws IOException, StorageException {
                    throw new StorageException("keys-differ", "");
                }

                @Override
                public void startsOver(String why) {
                    throw new AssertionError(why);
                }
            };
            StorageException e = assertThrows(
                    StorageException.class,
                    () -> LogStore.open(log(900, 2, 7), RANDOM, SEGMENT_BYTES, Optional.of(known(from)), refuses));
            assertEquals("keys-differ", e.code());
        }
    }

    /** Each step of appending, sealing and trimming fails; what was acknowledged before is what may be known then. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST", "DONE_BUT_FAILED", "SHORT", "KILLED"})
    void aCrashLeavesALogThatOpensToAnother(Fault fault) throws Exception {
        FaultStorage base = log(250, 0, 10);
        int steps = work(base.afterKill(), new ArrayList<>());
        for (int step = 0; step < steps; step++) {
            FaultStorage storage = base.afterKill();
            storage.failAt(step, fault);
            List<Long> sizes = new ArrayList<>(List.of(250L));
            work(storage, sizes);
            storage.kill();
            for (FaultStorage after : List.of(storage.afterKill(), storage.afterPowerLoss(step))) {
                Reader all = new Reader();
                LogStore.open(after.afterKill(), RANDOM, SEGMENT_BYTES, all).close();
                for (long from : sizes) {
                    Reader reader = new Reader();
                    try (LogStore store = open(after.afterKill(), known(from), reader)) {
                        assertEquals(from, reader.resumed, fault + " at " + step);
                        assertEquals(all.read.size(), store.size());
                        assertEquals(all.read.size() - from, reader.read.size());
                        assertEquals(root(store.size()), store.root());
                    }
                }
            }
        }
    }

    /** Appends over two seals; answers how many steps that took. */
    private static int work(FaultStorage storage, List<Long> durable) {
        int before = storage.steps().size();
        try (LogStore store = LogStore.open(storage, RANDOM, SEGMENT_BYTES, (index, leaf) -> {})) {
            for (long size : new long[] {254, 257, 400, 511, 513, 530}) {
                append(store, size, 50);
                durable.add(store.size());
                store.sealNext();
                store.trim();
            }
        } catch (IOException | StorageException | FaultStorage.Killed e) {
            // What was acknowledged until then is what counts.
        }
        return storage.steps().size() - before;
    }
}
