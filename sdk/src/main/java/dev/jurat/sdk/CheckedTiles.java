package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.RightEdge;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TileHashReader;
import dev.jurat.proof.log.TreeSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hash tiles of one checkpoint, each held against its root before any hash of it is used: the last tile of each level gives the root,
 * and each full one the hash that the tile above has of it. Holds two tiles a level. Not thread-safe.
 *
 * <p>Security property: whatever the source gives, a hash that comes from here is that of the tree which the checkpoint signs.
 */
final class CheckedTiles {
    private final LogSource source;
    private final TreeSize size;
    private final Map<Integer, List<Hash>> edge = new HashMap<>();
    private final Map<Integer, Full> full = new HashMap<>();

    private record Full(long index, List<Hash> hashes) {}

    /** What a source gave instead, on its way through a reader of hashes. */
    private static final class Lie extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final FormatException told;

        Lie(FormatException told) {
            super(told);
            this.told = told;
        }
    }

    /**
     * Reads the right edge.
     *
     * @throws FormatException {@code tile-missing}, {@code tile-length}, or {@code tile-mismatch} if it does not lead to the root
     */
    CheckedTiles(LogSource source, Checkpoint checkpoint) throws IOException, FormatException {
        this.source = source;
        this.size = checkpoint.size();
        for (int level = 0; 8 * level < Long.SIZE && size.value() >>> (8 * level) > 0; level++) {
            int width = Tile.partialWidth(level, size);
            if (width > 0) {
                edge.put(level, read(new Tile(level, Tile.fullCount(level, size), width)));
            }
        }
        Hash root = RightEdge.of(size, new TileHashReader(size, tile -> edge.getOrDefault(tile.level(), List.of())))
                .root();
        if (!root.equals(checkpoint.root())) {
            throw new FormatException("tile-mismatch", "the tiles at the right edge do not lead to the root");
        }
    }

    /** The hashes of a tile as the checkpoint's size has it. */
    List<Hash> hashes(Tile tile) throws IOException, FormatException {
        if (!tile.full()) {
            return edge.getOrDefault(tile.level(), List.of());
        }
        Full kept = full.get(tile.level());
        if (kept == null || kept.index() != tile.index()) {
            kept = new Full(tile.index(), checked(tile));
            full.put(tile.level(), kept);
        }
        return kept.hashes();
    }

    /** The root that the tree had at an earlier size. */
    Hash root(TreeSize earlier) throws IOException, FormatException {
        try {
            return RightEdge.of(earlier, new TileHashReader(size, this::unchecked))
                    .root();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (Lie e) {
            throw e.told;
        }
    }

    private List<Hash> unchecked(Tile tile) {
        try {
            return hashes(tile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatException e) {
            throw new Lie(e);
        }
    }

    private List<Hash> checked(Tile tile) throws IOException, FormatException {
        Tile above = Tile.at(tile.level() + 1, tile.index() / Tile.WIDTH_MAX, size)
                .orElseThrow(() -> new IllegalArgumentException(tile + " is not full at " + size));
        Hash wanted = hashes(above).get((int) (tile.index() % Tile.WIDTH_MAX));
        List<Hash> hashes = read(tile);
        if (!Rfc6962.root(hashes).equals(wanted)) {
            throw new FormatException("tile-mismatch", tile.path() + " is not what the tile above has of it");
        }
        return hashes;
    }

    private List<Hash> read(Tile tile) throws IOException, FormatException {
        byte[] bytes =
                source.tile(tile).orElseThrow(() -> new FormatException("tile-missing", tile.path() + " is not there"));
        return List.copyOf(tile.decode(bytes));
    }
}
