package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.HashReader;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.RightEdge;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TileHashReader;
import dev.jurat.proof.log.TreeSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The hash tiles of the log: full ones in files, written once; all others in memory, so that the bytes of every partial tile can be given
 * although none is ever written.
 *
 * <p>One thread appends; any may read tiles of sizes that were published to it.
 */
final class Tiles {
    private final Storage storage;
    private final RightEdge edge;
    private final ConcurrentHashMap<Place, Growing> unsealed = new ConcurrentHashMap<>();

    private record Place(int level, long index) {}

    /** A tile that is being filled. */
    private static final class Growing {
        private static final int LEVELS = 8;

        private final Hash[] hashes = new Hash[Tile.WIDTH_MAX];
        /** By level within the tile, what was asked for of the subtrees over them: a proof asks for most of a tile's. */
        private final @Nullable Hash[][] nodes = new Hash[LEVELS][];

        private volatile int count;

        Growing() {
            for (int within = 1; within < LEVELS; within++) {
                nodes[within] = new Hash[Tile.WIDTH_MAX >>> within];
            }
        }

        void add(Hash hash) {
            hashes[count] = hash;
            count++;
        }

        List<Hash> first(int width) {
            if (width > count) {
                throw new IllegalArgumentException("a tile of " + count + " hashes has not " + width);
            }
            return List.of(Arrays.copyOf(hashes, width));
        }

        /** The hash over a complete subtree. */
        Hash node(int within, int index) {
            if (within == 0) {
                return hashes[index];
            }
            Hash known = nodes[within][index];
            if (known == null) {
                known = Rfc6962.nodeHash(node(within - 1, 2 * index), node(within - 1, 2 * index + 1));
                nodes[within][index] = known;
            }
            return known;
        }
    }

    Tiles(Storage storage) {
        this.storage = storage;
        this.edge = RightEdge.empty();
    }

    private Tiles(Storage storage, long bundles) throws IOException {
        this.storage = storage;
        for (int level = 1; bundles >>> 8 * (level - 1) > 0; level++) {
            fill(level, bundles >>> 8 * (level - 1));
        }
        TreeSize size = new TreeSize(bundles * Tile.WIDTH_MAX);
        try {
            this.edge = RightEdge.of(size, reader(size));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * The tiles over the first bundles, all of them sealed, from the full tiles in files. Nothing is compared with entries: whoever takes them up compares
     * the root.
     */
    static Tiles sealed(Storage storage, long bundles) throws IOException {
        return new Tiles(storage, bundles);
    }

    /** Makes the tile of a level that is not full again from the full ones below it. */
    private void fill(int level, long count) throws IOException {
        Growing growing = new Growing();
        for (long index = count - count % Tile.WIDTH_MAX; index < count; index++) {
            growing.add(Rfc6962.root(hashes(new Tile(level - 1, index, Tile.WIDTH_MAX))));
        }
        if (count % Tile.WIDTH_MAX != 0) {
            unsealed.put(new Place(level, count / Tile.WIDTH_MAX), growing);
        }
    }

    /** The right edge, as it is now; for who appends. */
    RightEdge edge() {
        return edge.copy();
    }

    /** Adds a leaf hash. */
    void append(Hash leafHash) {
        edge.append(leafHash, this::complete);
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void complete(int level, long index, Hash hash) {
        if (level % 8 == 0) {
            Place place = new Place(level / 8, index / Tile.WIDTH_MAX);
            unsealed.computeIfAbsent(place, p -> new Growing()).add(hash);
        }
    }

    long size() {
        return edge.size().value();
    }

    Hash root() {
        return edge.root();
    }

    /** The root after these leaves, without adding them. */
    Hash rootWith(List<Hash> leafHashes) {
        RightEdge next = edge.copy();
        leafHashes.forEach(next::append);
        return next.root();
    }

    /** The hashes of any tile that the log's size, or an earlier one, implies. */
    List<Hash> hashes(Tile tile) throws IOException {
        Growing growing = unsealed.get(new Place(tile.level(), tile.index()));
        if (growing != null) {
            return growing.first(tile.width());
        }
        Tile full = new Tile(tile.level(), tile.index(), Tile.WIDTH_MAX);
        byte[] content = storage.read(full.path()).orElseThrow(() -> new IOException(full.path() + " is missing"));
        try {
            return full.decode(content).subList(0, tile.width());
        } catch (FormatException e) {
            throw new IOException(full.path() + " is damaged", e);
        }
    }

    /** Reads subtree hashes of a size; throws {@link UncheckedIOException} where a file cannot be read. */
    HashReader reader(TreeSize size) {
        HashReader fromTiles = new TileHashReader(size, tile -> {
            try {
                return hashes(tile);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return (level, index) -> {
            int within = level % Growing.LEVELS;
            int inTile = Tile.WIDTH_MAX >>> within;
            Growing growing = unsealed.get(new Place(level / Growing.LEVELS, index / inTile));
            boolean complete = index < size.value() >>> level;
            return growing == null || !complete
                    ? fromTiles.hash(level, index)
                    : growing.node(within, (int) (index % inTile));
        };
    }

    /** Adds to a batch the full tiles that level-0 tile {@code number} completes, itself included. */
    void seal(long number, WriteOnce batch) throws IOException {
        for (Tile tile : completedBy(number)) {
            batch.put(tile.path(), tile.encode(hashes(tile)));
        }
    }

    /** Compares the full tiles on disk with what the entries give. */
    void checkSealed(long number) throws IOException, StorageException {
        for (Tile tile : completedBy(number)) {
            Optional<byte[]> content = storage.read(tile.path());
            if (content.isEmpty() || !Arrays.equals(content.get(), tile.encode(hashes(tile)))) {
                throw new StorageException("tile-damaged", tile.path() + " is not what its entries give");
            }
        }
    }

    /** Lets go of what {@link #seal} made durable. */
    void forget(long number) {
        for (Tile tile : completedBy(number)) {
            unsealed.remove(new Place(tile.level(), tile.index()));
        }
    }

    private static List<Tile> completedBy(long number) {
        List<Tile> tiles = new java.util.ArrayList<>();
        long index = number;
        int level = 0;
        tiles.add(new Tile(0, number, Tile.WIDTH_MAX));
        while (index % Tile.WIDTH_MAX == Tile.WIDTH_MAX - 1) {
            index /= Tile.WIDTH_MAX;
            level++;
            tiles.add(new Tile(level, index, Tile.WIDTH_MAX));
        }
        return tiles;
    }
}
