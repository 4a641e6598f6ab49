package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A C2SP tile: up to 256 neighbouring hashes of tree level 8·{@code level}, beginning at hash 256·{@code index} of that level.
 *
 * @param level 0 to 63; level 0 holds leaf hashes, each level above the roots of the full tiles below
 * @param width hashes in the tile, 1 to 256; 256 is a full tile, less is a partial one
 */
public record Tile(int level, long index, int width) {
    public static final int WIDTH_MAX = 256;
    static final int LEVEL_MAX = 63;
    private static final String PREFIX = "tile/";

    public Tile {
        if (level < 0 || level > LEVEL_MAX || index < 0 || width < 1 || width > WIDTH_MAX) {
            throw new IllegalArgumentException("no tile has level " + level + ", index " + index + ", width " + width);
        }
    }

    /** Every tile that a tree of this size implies, lower levels first: full ones, then the partial one if it is not empty. */
    public static List<Tile> of(TreeSize size) {
        List<Tile> tiles = new ArrayList<>();
        for (int level = 0; countAt(level, size) > 0; level++) {
            long count = countAt(level, size);
            for (long index = 0; index * WIDTH_MAX < count; index++) {
                tiles.add(new Tile(level, index, (int) Math.min(WIDTH_MAX, count - index * WIDTH_MAX)));
            }
        }
        return tiles;
    }

    /** The tile at a level and index as a tree of this size has it; empty if it has no hash there. */
    public static Optional<Tile> at(int level, long index, TreeSize size) {
        long left = countAt(level, size) - index * WIDTH_MAX;
        return left <= 0 ? Optional.empty() : Optional.of(new Tile(level, index, (int) Math.min(WIDTH_MAX, left)));
    }

    /** How many full tiles a tree of this size has at a level. */
    public static long fullCount(int level, TreeSize size) {
        return countAt(level, size) / WIDTH_MAX;
    }

    /** The width of the partial tile of a tree of this size at a level, 0 if there is none. */
    public static int partialWidth(int level, TreeSize size) {
        return (int) (countAt(level, size) % WIDTH_MAX);
    }

    /** How many hashes tiles of a level hold: size / 256^level. */
    private static long countAt(int level, TreeSize size) {
        return 8 * level >= Long.SIZE ? 0 : size.value() >>> (8 * level);
    }

    public boolean full() {
        return width == WIDTH_MAX;
    }

    /** The path below the log's prefix, such as {@code tile/0/x001/x234/067.p/9}. */
    public String path() {
        return PREFIX + level + "/" + TilePath.write(index, width);
    }

    /**
     * Reads what {@link #path} writes.
     *
     * @throws FormatException {@code tile-path}
     */
    public static Tile parse(String path) throws FormatException {
        int slash = path.indexOf('/', PREFIX.length());
        if (!path.startsWith(PREFIX) || slash < 0) {
            throw TilePath.refused();
        }
        long level = Decimal.parse(path.substring(PREFIX.length(), slash), "tile-path");
        if (level > LEVEL_MAX) {
            throw TilePath.refused();
        }
        TilePath place = TilePath.parse(path.substring(slash + 1));
        return new Tile((int) level, place.index(), place.width());
    }

    /**
     * The tile's bytes: its hashes one after the other.
     *
     * @throws IllegalArgumentException if there are not {@code width} hashes
     */
    public byte[] encode(List<Hash> hashes) {
        if (hashes.size() != width) {
            throw new IllegalArgumentException("tile " + path() + " has " + width + " hashes, not " + hashes.size());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(width * Hash.BYTES);
        hashes.forEach(hash -> bytes.writeBytes(hash.bytes()));
        return bytes.toByteArray();
    }

    /**
     * Reads the tile's hashes.
     *
     * @throws FormatException {@code tile-length}
     */
    public List<Hash> decode(byte[] bytes) throws FormatException {
        if (bytes.length != width * Hash.BYTES) {
            throw new FormatException("tile-length", "tile " + path() + " has not " + bytes.length + " bytes");
        }
        List<Hash> hashes = new ArrayList<>(width);
        for (int i = 0; i < bytes.length; i += Hash.BYTES) {
            hashes.add(Hash.ofBytes(Arrays.copyOfRange(bytes, i, i + Hash.BYTES)));
        }
        return hashes;
    }
}
