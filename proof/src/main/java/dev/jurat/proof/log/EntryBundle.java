package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries under one level-0 tile: each as two bytes of length, big-endian, and its bytes.
 *
 * @param index the index of the level-0 tile
 * @param width entries in the bundle, 1 to 256
 */
public record EntryBundle(long index, int width) {
    public static final int ENTRY_BYTES_MAX = 65_535;
    private static final String PREFIX = "tile/entries/";

    public EntryBundle {
        if (index < 0 || width < 1 || width > Tile.WIDTH_MAX) {
            throw new IllegalArgumentException("no entry bundle has index " + index + ", width " + width);
        }
    }

    /** The path below the log's prefix, such as {@code tile/entries/x001/234.p/9}. */
    public String path() {
        return PREFIX + TilePath.write(index, width);
    }

    /**
     * Reads what {@link #path} writes.
     *
     * @throws FormatException {@code tile-path}
     */
    public static EntryBundle parse(String path) throws FormatException {
        if (!path.startsWith(PREFIX)) {
            throw TilePath.refused();
        }
        TilePath place = TilePath.parse(path.substring(PREFIX.length()));
        return new EntryBundle(place.index(), place.width());
    }

    /**
     * The bundle's bytes.
     *
     * @throws IllegalArgumentException if there are not {@code width} entries, or one is longer than 65,535 bytes
     */
    public byte[] encode(List<byte[]> entries) {
        if (entries.size() != width) {
            throw new IllegalArgumentException("bundle " + path() + " has not " + entries.size() + " entries");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > ENTRY_BYTES_MAX) {
                throw new IllegalArgumentException("an entry has at most 65,535 bytes, not " + entry.length);
            }
            bytes.write(entry.length >>> 8);
            bytes.write(entry.length);
            bytes.writeBytes(entry);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads the bundle's entries.
     *
     * @throws FormatException {@code entry-bundle-truncated}, or {@code entry-bundle-width} if there are not {@code width} entries
     */
    public List<byte[]> decode(byte[] bytes) throws FormatException {
        List<byte[]> entries = new ArrayList<>(width);
        int at = 0;
        while (at < bytes.length) {
            int start = at + 2;
            if (start > bytes.length) {
                throw new FormatException("entry-bundle-truncated", "the bundle ends within a length");
            }
            int end = start + ((bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff));
            if (end > bytes.length) {
                throw new FormatException("entry-bundle-truncated", "the bundle ends within an entry");
            }
            entries.add(Arrays.copyOfRange(bytes, start, end));
            at = end;
        }
        if (entries.size() != width) {
            throw new FormatException("entry-bundle-width", "the bundle has " + entries.size() + " entries");
        }
        return entries;
    }
}
