package dev.jurat.proof.log;

import dev.jurat.proof.crypto.Hash;
import java.util.List;
import java.util.function.Function;

/** Reads a tree of a given size from its tiles. As thread-safe as the tile source. */
public final class TileHashReader implements HashReader {
    private final TreeSize size;
    private final Function<Tile, List<Hash>> tiles;

    /** Asks {@code tiles} only for tiles that the size implies, in their width at that size. */
    public TileHashReader(TreeSize size, Function<Tile, List<Hash>> tiles) {
        this.size = size;
        this.tiles = tiles;
    }

    @Override
    public Hash hash(int level, long index) {
        int within = level % 8;
        long first = index << within;
        Tile tile = Tile.at(level / 8, first / Tile.WIDTH_MAX, size)
                .orElseThrow(() -> new IllegalArgumentException("no subtree " + level + "/" + index + " at " + size));
        int offset = (int) (first % Tile.WIDTH_MAX);
        int count = 1 << within;
        if (offset + count > tile.width()) {
            throw new IllegalArgumentException("subtree " + level + "/" + index + " is not complete at " + size);
        }
        return Rfc6962.root(tiles.apply(tile).subList(offset, offset + count));
    }
}
