package dev.jurat.proof.log;

import dev.jurat.proof.crypto.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing tree: one hash for each complete subtree, largest first, which is all that appending needs.
 *
 * <p>At most 63 hashes. Not thread-safe.
 */
public final class RightEdge {
    private final List<Hash> peaks;
    private long size;

    private RightEdge(long size, List<Hash> peaks) {
        this.size = size;
        this.peaks = peaks;
    }

    /** Learns of each subtree as it becomes complete, leaves included, lower levels first. */
    @FunctionalInterface
    public interface NodeSink {
        void complete(int level, long index, Hash hash);
    }

    public static RightEdge empty() {
        return new RightEdge(0, new ArrayList<>());
    }

    /**
     * Takes up an edge where {@link #peaks} left it.
     *
     * @throws IllegalArgumentException if a tree of this size has another number of peaks
     */
    public static RightEdge of(TreeSize size, List<Hash> peaks) {
        if (peaks.size() != Long.bitCount(size.value())) {
            throw new IllegalArgumentException("a tree of size " + size + " has not " + peaks.size() + " peaks");
        }
        return new RightEdge(size.value(), new ArrayList<>(peaks));
    }

    /** The edge of the first {@code size} leaves of what the reader holds. */
    public static RightEdge of(TreeSize size, HashReader reader) {
        List<Hash> peaks = new ArrayList<>();
        long start = 0;
        for (int level = 62; level >= 0; level--) {
            if ((size.value() >>> level & 1) == 1) {
                peaks.add(reader.hash(level, start >>> level));
                start += 1L << level;
            }
        }
        return new RightEdge(size.value(), peaks);
    }

    /** Adds one leaf hash and returns its index. */
    public LeafIndex append(Hash leafHash) {
        return append(leafHash, (level, index, hash) -> {});
    }

    /** Adds one leaf hash, telling the sink of every subtree that it completes. */
    public LeafIndex append(Hash leafHash, NodeSink sink) {
        long index = size;
        Hash hash = leafHash;
        int level = 0;
        sink.complete(0, index, hash);
        for (; (index >>> level & 1) == 1; level++) {
            hash = Rfc6962.nodeHash(peaks.removeLast(), hash);
            sink.complete(level + 1, index >>> (level + 1), hash);
        }
        peaks.add(hash);
        size++;
        return new LeafIndex(index);
    }

    /** The root over all leaves so far. */
    public Hash root() {
        if (peaks.isEmpty()) {
            return Rfc6962.EMPTY_ROOT;
        }
        Hash root = peaks.getLast();
        for (int i = peaks.size() - 2; i >= 0; i--) {
            root = Rfc6962.nodeHash(peaks.get(i), root);
        }
        return root;
    }

    public TreeSize size() {
        return new TreeSize(size);
    }

    /** The hashes of the complete subtrees, largest first; a copy. */
    public List<Hash> peaks() {
        return List.copyOf(peaks);
    }

    /** An edge that grows by itself from here. */
    public RightEdge copy() {
        return new RightEdge(size, new ArrayList<>(peaks));
    }
}
