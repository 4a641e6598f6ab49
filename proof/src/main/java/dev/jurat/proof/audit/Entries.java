package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.Tile;
import java.io.IOException;
import java.util.List;

/** The entries of a log one after the other, below a size. Not thread-safe. */
final class Entries {
    private final LogSource source;
    private final long size;
    private long bundle = -1;
    private List<byte[]> entries = List.of();

    Entries(LogSource source, long size) {
        this.source = source;
        this.size = size;
    }

    /** An entry; quick where they are asked for in order. {@code entries-missing}, {@code entry-bundle-…} */
    byte[] at(long index) throws IOException, FormatException {
        if (index / Tile.WIDTH_MAX != bundle) {
            long wanted = index / Tile.WIDTH_MAX;
            EntryBundle read = new EntryBundle(wanted, (int) Math.min(Tile.WIDTH_MAX, size - wanted * Tile.WIDTH_MAX));
            entries = read.decode(source.entries(read)
                    .orElseThrow(() -> new FormatException("entries-missing", "the log has no " + read.path())));
            bundle = wanted;
        }
        return entries.get((int) (index % Tile.WIDTH_MAX));
    }
}
