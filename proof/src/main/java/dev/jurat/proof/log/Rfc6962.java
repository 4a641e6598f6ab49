package dev.jurat.proof.log;

import dev.jurat.proof.crypto.Hash;
import java.util.List;

/**
 * The tree hashes of RFC 6962 section 2.1 with SHA-256.
 *
 * <p>Security property: leaves and nodes are hashed under different first bytes, so no leaf can pass for a node.
 */
public final class Rfc6962 {
    /** The root of the tree without leaves: SHA-256 of nothing. */
    public static final Hash EMPTY_ROOT = Hash.of();

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private Rfc6962() {}

    /** SHA-256(00 ‖ entry). */
    public static Hash leafHash(byte[] entry) {
        return Hash.of(LEAF, entry);
    }

    /** SHA-256(01 ‖ left ‖ right). */
    public static Hash nodeHash(Hash left, Hash right) {
        return Hash.of(NODE, left.bytes(), right.bytes());
    }

    /** The root over leaf hashes in order. */
    public static Hash root(List<Hash> leafHashes) {
        RightEdge edge = RightEdge.empty();
        leafHashes.forEach(edge::append);
        return edge.root();
    }

    /** The root of the first {@code size} leaves of what the reader holds. */
    public static Hash root(HashReader reader, TreeSize size) {
        return size.value() == 0 ? EMPTY_ROOT : rangeRoot(reader, 0, size.value());
    }

    /** The hash of the leaves from start (included) to end, where start is a multiple of the first split. */
    static Hash rangeRoot(HashReader reader, long start, long end) {
        long count = end - start;
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return reader.hash(level, start >>> level);
        }
        long split = start + Long.highestOneBit(count);
        return nodeHash(rangeRoot(reader, start, split), rangeRoot(reader, split, end));
    }

    /** The largest power of two below {@code count}, which is at least 2. */
    static long split(long count) {
        return Long.highestOneBit(count - 1);
    }
}
