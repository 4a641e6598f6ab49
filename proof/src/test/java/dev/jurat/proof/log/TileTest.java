package dev.jurat.proof.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileTest {
    @ParameterizedTest
    @CsvSource({
        "70000,0,273,112",
        "70000,1,1,17",
        "70000,2,0,1",
        "70000,3,0,0",
        "256,0,1,0",
        "256,1,0,1",
        "255,0,0,255",
        "0,0,0,0",
        "9223372036854775807,7,0,127",
        "9223372036854775807,8,0,0"
    })
    void countsAreTheKnownAnswers(long size, int level, long full, int partial) {
        assertEquals(full, Tile.fullCount(level, new TreeSize(size)));
        assertEquals(partial, Tile.partialWidth(level, new TreeSize(size)));
    }

    @Test
    void aTreeOfSeventyThousandLeavesHasTheseTiles() {
        List<String> paths =
                Tile.of(new TreeSize(70_000)).stream().map(Tile::path).toList();
        assertEquals(277, paths.size());
        assertEquals("tile/0/000", paths.getFirst());
        assertEquals(
                List.of("tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"),
                paths.subList(272, 277));
    }

    @ParameterizedTest
    @CsvSource({
        "0,1234067,256,tile/0/x001/x234/067",
        "1,0,1,tile/1/000.p/1",
        "0,999,255,tile/0/999.p/255",
        "0,1000,256,tile/0/x001/000",
        "63,1000000,256,tile/63/x001/x000/000"
    })
    void pathsAreTheKnownAnswers(int level, long index, int width, String path) throws FormatException {
        Tile tile = new Tile(level, index, width);
        assertEquals(path, tile.path());
        assertEquals(tile, Tile.parse(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/0/0",
                "tile/0/0000",
                "tile/0/x000/000",
                "tile/0/001/000",
                "tile/0/x001",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/01",
                "tile/0/000.p/",
                "tile/00/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/0/",
                "tile/0",
                "tile/",
                "",
                "/tile/0/000",
                "tile/0/000/",
                "tile/entries/000",
                "tile/0/x1000/000",
                "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                "tile/0/000.p/1.p/1",
                "tile/0/+01"
            })
    void pathsThatWeWouldNotWriteAreRefused(String path) {
        assertEquals(
                "tile-path",
                assertThrows(FormatException.class, () -> Tile.parse(path)).code());
    }

    @Test
    void aTreeReadFromItsTilesIsTheSameTree() throws FormatException {
        int size = 66_300;
        MerkleTree tree = new MerkleTree();
        for (int i = 0; i < size; i++) {
            tree.append(Rfc6962.leafHash(ByteBuffer.allocate(4).putInt(i).array()));
        }
        Map<String, byte[]> files = new HashMap<>();
        for (Tile tile : Tile.of(tree.size())) {
            List<Hash> hashes = new ArrayList<>();
            for (int i = 0; i < tile.width(); i++) {
                hashes.add(tree.hash(8 * tile.level(), tile.index() * Tile.WIDTH_MAX + i));
            }
            files.put(tile.path(), tile.encode(hashes));
        }
        HashReader reader = new TileHashReader(tree.size(), tile -> decode(files, tile));
        assertEquals(tree.root(), Rfc6962.root(reader, tree.size()));
        for (long index : new long[] {0, 255, 256, 65_535, 65_536, size - 1}) {
            LeafIndex leaf = new LeafIndex(index);
            assertEquals(InclusionProof.make(tree, leaf, tree.size()), InclusionProof.make(reader, leaf, tree.size()));
        }
        assertThrows(IllegalArgumentException.class, () -> reader.hash(16, 1));
        assertThrows(IllegalArgumentException.class, () -> reader.hash(2, size / 4));
    }

    @Test
    void aTileOfAnotherLengthIsRefused() {
        Tile tile = new Tile(0, 0, 2);
        for (int length : new int[] {0, 32, 63, 65, 96}) {
            FormatException refusal = assertThrows(FormatException.class, () -> tile.decode(new byte[length]));
            assertEquals("tile-length", refusal.code());
        }
    }

    @Test
    void entriesComeBackFromTheirBundle() throws FormatException {
        EntryBundle bundle = new EntryBundle(1234067, 3);
        assertEquals("tile/entries/x001/x234/067.p/3", bundle.path());
        assertEquals(bundle, EntryBundle.parse(bundle.path()));
        List<byte[]> entries = List.of(new byte[0], new byte[] {7}, new byte[EntryBundle.ENTRY_BYTES_MAX]);
        byte[] bytes = bundle.encode(entries);
        List<byte[]> read = bundle.decode(bytes);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(entries.get(i), read.get(i));
        }
        List<byte[]> tooLong = List.of(new byte[0], new byte[0], new byte[EntryBundle.ENTRY_BYTES_MAX + 1]);
        assertThrows(IllegalArgumentException.class, () -> bundle.encode(tooLong));
    }

    private static List<Hash> decode(Map<String, byte[]> files, Tile tile) {
        try {
            return tile.decode(Objects.requireNonNull(files.get(tile.path()), tile.path()));
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
