package dev.jurat.proof.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.TreeSize;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateTreeTest {
    private static final byte[] NOTHING = {};

    /** The state of a size as the specification has it: all chunks written again from all standings. */
    private static List<byte[]> naive(List<byte[]> standings) {
        List<byte[]> chunks = new ArrayList<>();
        for (int start = 0; start < standings.size(); start += 256) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (byte[] standing : standings.subList(start, Math.min(start + 256, standings.size()))) {
                if (standing.length > 0x7f) {
                    out.write(standing.length & 0x7f | 0x80);
                    out.write(standing.length >>> 7);
                } else {
                    out.write(standing.length);
                }
                out.writeBytes(standing);
            }
            chunks.add(out.toByteArray());
        }
        return chunks;
    }

    private static Hash root(List<byte[]> chunks) {
        return Rfc6962.root(chunks.stream().map(Rfc6962::leafHash).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aRootIsThatOfAllStandingsWrittenAgain(long seed) {
        Random random = new Random(seed);
        List<byte[]> all = new ArrayList<>();
        StateTree tree = StateTree.empty(StateChunks.inMemory());
        assertEquals(Rfc6962.EMPTY_ROOT, tree.root());
        for (int step = 0; step < 60; step++) {
            SortedMap<Long, byte[]> changed = grow(random, all);
            Hash root = tree.advance(all.size(), changed);
            assertEquals(root(naive(all)), root, "seed " + seed + ", step " + step);
            assertEquals(all.size(), tree.size());
        }
    }

    /** Lets a few leaves come, sometimes none and sometimes some chunks of them, and changes some old ones. */
    private static SortedMap<Long, byte[]> grow(Random random, List<byte[]> all) {
        int more = List.of(0, 1, random.nextInt(256), 256, random.nextInt(1500)).get(random.nextInt(5));
        all.addAll(Collections.nCopies(more, NOTHING));
        SortedMap<Long, byte[]> changed = new TreeMap<>();
        for (int i = all.isEmpty() ? 0 : random.nextInt(20); i > 0; i--) {
            int leaf = random.nextInt(all.size());
            byte[] standing = new byte[random.nextInt(10) == 0 ? 0 : random.nextInt(200)];
            random.nextBytes(standing);
            all.set(leaf, standing);
            changed.put((long) leaf, standing);
        }
        return changed;
    }

    @Test
    void everyChunkHasAPathToTheRoot() throws FormatException {
        Random random = new Random(6);
        List<byte[]> all = new ArrayList<>();
        StateTree tree = StateTree.empty(StateChunks.inMemory());
        for (int step = 0; step < 8; step++) {
            tree.advance(all.size(), Collections.emptySortedMap());
            Hash root = tree.advance(all.size(), grow(random, all).headMap((long) tree.size()));
            long count = StateChunk.count(tree.size());
            for (long chunk = 0; chunk < count; chunk++) {
                new InclusionProof(new LeafIndex(chunk), new TreeSize(count), tree.path(chunk))
                        .verify(Rfc6962.leafHash(tree.bytes(chunk)), root);
            }
        }
    }

    @Test
    void aTreeThatIsTakenUpGoesOnAsTheOneThatWasLeft() {
        StateChunks chunks = StateChunks.inMemory();
        StateTree left = StateTree.empty(chunks);
        left.advance(700, standings(3, 299, 699));
        List<Hash> hashes = List.of(0L, 1L, 2L).stream()
                .map(n -> StateChunk.hash(left.bytes(n)))
                .toList();
        StateTree taken = new StateTree(chunks, hashes, 700);
        assertEquals(left.root(), taken.root());
        assertArrayEquals(new byte[] {(byte) 299}, taken.standing(299));
        Hash root = taken.advance(900, standings(4, 850));
        StateTree once = StateTree.empty(StateChunks.inMemory());
        assertEquals(once.advance(900, standings(3, 4, 299, 699, 850)), root);
    }

    @Test
    void theNumberOfHashesIsThatOfTheSize() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new StateTree(StateChunks.inMemory(), List.of(Hash.ZERO, Hash.ZERO), 256));
    }

    @Test
    void aChunkThatIsNotWhatWasWrittenIsNotBuiltOn() {
        StateChunks chunks = StateChunks.inMemory();
        StateTree tree = StateTree.empty(chunks);
        tree.advance(300, standings(3, 299));
        chunks.write(0, new byte[256], Hash.ZERO);
        assertThrows(IllegalStateException.class, () -> tree.bytes(0));
        assertThrows(IllegalStateException.class, () -> tree.advance(300, standings(4)));
        assertDoesNotThrow(() -> tree.advance(300, standings(299)));
    }

    @Test
    void aWriteThatFailsLeavesTheTreeAsItWas() {
        StateChunks chunks = StateChunks.inMemory();
        StateTree whole = StateTree.empty(chunks);
        Hash before = whole.advance(300, standings(3, 299));
        StateTree tree = new StateTree(
                new Chunks() {
                    @Override
                    public byte[] read(long number) {
                        return chunks.read(number);
                    }

                    @Override
                    public void write(long number, byte[] bytes, Hash hash) {
                        throw new IllegalStateException("full");
                    }
                },
                List.of(StateChunk.hash(whole.bytes(0)), StateChunk.hash(whole.bytes(1))),
                300);
        assertThrows(IllegalStateException.class, () -> tree.advance(600, standings(4, 599)));
        assertEquals(before, tree.root());
        assertEquals(300, tree.size());
    }

    @Test
    void aTreeNeitherShrinksNorTakesALeafBeyondItsSize() {
        StateTree tree = StateTree.empty(StateChunks.inMemory());
        tree.advance(300, standings(3));
        assertThrows(IllegalArgumentException.class, () -> tree.advance(299, standings()));
        assertThrows(IllegalArgumentException.class, () -> tree.advance(301, standings(301)));
        assertThrows(IllegalArgumentException.class, () -> tree.path(2));
    }

    @ParameterizedTest
    @CsvSource({
        "'00',2,state-number",
        "'0000',1,state-chunk",
        "'00',0,state-chunk",
        "'0201',1,state-chunk",
        "'8000',1,state-number",
        "'80',1,state-number",
        "'ffffffffffffff1f',1,state-number",
        "'ffffffffffffffff00',1,state-number",
        "'ffffffffffffff0f',1,state-chunk"
    })
    void aChunkHasOneForm(String hex, int leaves, String code) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        FormatException e = assertThrows(FormatException.class, () -> StateChunk.decode(bytes, leaves));
        assertEquals(code, e.code());
    }

    @Test
    void aChunkReadIsTheChunkWritten() throws FormatException {
        byte[] bytes = naive(List.of(NOTHING, new byte[300], new byte[] {7})).getFirst();
        assertArrayEquals(bytes, StateChunk.decode(bytes, 3).encode());
        assertArrayEquals(new byte[] {7}, StateChunk.decode(bytes, 3).standing(2));
    }

    private static SortedMap<Long, byte[]> standings(long... leaves) {
        SortedMap<Long, byte[]> standings = new TreeMap<>();
        for (long leaf : leaves) {
            standings.put(leaf, new byte[] {(byte) leaf});
        }
        return standings;
    }
}
