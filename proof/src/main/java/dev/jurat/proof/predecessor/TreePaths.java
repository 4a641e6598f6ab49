package dev.jurat.proof.predecessor;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Rfc6962;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** The paths of some leaves to the root of a tree whose leaves are read once, in order; memory grows with the paths alone. Not thread-safe. */
public final class TreePaths {
    private final SortedSet<Long> wanted;
    private final LeafHashes leaves;
    private final SortedMap<Long, List<Hash>> paths = new TreeMap<>();

    /** The hash of the leaf that follows. */
    @FunctionalInterface
    public interface LeafHashes {
        Hash next(long index) throws IOException, FormatException;
    }

    private TreePaths(SortedSet<Long> wanted, LeafHashes leaves) {
        this.wanted = wanted;
        this.leaves = leaves;
        wanted.forEach(index -> paths.put(index, new ArrayList<>()));
    }

    /**
     * Reads the leaves of a tree.
     *
     * @param wanted whose paths; each below the size
     */
    public static SortedMap<Long, List<Hash>> of(long size, SortedSet<Long> wanted, LeafHashes leaves)
            throws IOException, FormatException {
        TreePaths made = new TreePaths(wanted, leaves);
        made.root(0, size);
        return made.paths;
    }

    private Hash root(long start, long end) throws IOException, FormatException {
        if (end - start == 1) {
            return leaves.next(start);
        }
        // RFC 6962: at the largest power of two below the number of leaves.
        long split = start + Long.highestOneBit(end - start - 1);
        Hash left = root(start, split);
        Hash right = root(split, end);
        wanted.subSet(start, split).forEach(index -> path(index).add(right));
        wanted.subSet(split, end).forEach(index -> path(index).add(left));
        return Rfc6962.nodeHash(left, right);
    }

    private List<Hash> path(long index) {
        return paths.getOrDefault(index, List.of());
    }
}
