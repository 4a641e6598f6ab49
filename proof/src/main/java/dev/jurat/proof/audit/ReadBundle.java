package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.Tile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An entry bundle as it was read: its leaves, or why there are none.
 *
 * @param leaves its entries in order; empty where they are not there, or not a bundle's
 * @param fault why what is there is no bundle
 * @param failure why nobody knows what is there
 */
record ReadBundle(
        EntryBundle bundle,
        Optional<List<ReadLeaf>> leaves,
        Optional<FormatException> fault,
        Optional<IOException> failure) {

    /** Reads a bundle. Thread-safe as its source is. */
    static ReadBundle read(LogSource source, EntryBundle bundle) {
        try {
            Optional<byte[]> bytes = source.entries(bundle);
            Optional<List<ReadLeaf>> leaves = Optional.empty();
            if (bytes.isPresent()) {
                leaves = Optional.of(leaves(source, bundle, bundle.decode(bytes.get())));
            }
            return new ReadBundle(bundle, leaves, Optional.empty(), Optional.empty());
        } catch (FormatException e) {
            return new ReadBundle(bundle, Optional.empty(), Optional.of(e), Optional.empty());
        } catch (IOException e) {
            return new ReadBundle(bundle, Optional.empty(), Optional.empty(), Optional.of(e));
        }
    }

    private static List<ReadLeaf> leaves(LogSource source, EntryBundle bundle, List<byte[]> entries) {
        List<ReadLeaf> leaves = new ArrayList<>(entries.size());
        for (byte[] entry : entries) {
            leaves.add(ReadLeaf.read(source, bundle.index() * Tile.WIDTH_MAX + leaves.size(), entry));
        }
        return leaves;
    }
}
