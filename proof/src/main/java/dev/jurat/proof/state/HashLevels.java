package dev.jurat.proof.state;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.HashReader;
import dev.jurat.proof.log.Rfc6962;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The hashes of all complete subtrees over a list of leaves that grows and whose leaves change: 32 bytes each, in one array a level.
 *
 * <p>Not thread-safe. Unlike what other readers hold, a subtree's hash is that of now.
 */
final class HashLevels implements HashReader {
    private static final class Level {
        private byte[] hashes = new byte[Hash.BYTES * 8];

        Hash get(long index) {
            int at = Math.toIntExact(index * Hash.BYTES);
            return Hash.ofBytes(Arrays.copyOfRange(hashes, at, at + Hash.BYTES));
        }

        void set(long index, Hash hash) {
            int at = Math.toIntExact(index * Hash.BYTES);
            while (at >= hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.multiplyExact(hashes.length, 2));
            }
            System.arraycopy(hash.bytes(), 0, hashes, at, Hash.BYTES);
        }
    }

    private final List<Level> levels = new ArrayList<>();
    private long count;

    /** How many leaves there are. */
    long count() {
        return count;
    }

    @Override
    public Hash hash(int level, long index) {
        if (index >= count >>> level) {
            throw new IllegalArgumentException("no complete subtree " + level + "/" + index + " of " + count);
        }
        return levels.get(level).get(index);
    }

    /** Grows to a number of leaves and takes these hashes, those of all new ones among them; each node above is hashed once. */
    void set(long newCount, SortedMap<Long, Hash> leaves) {
        count = newCount;
        leaves.forEach((index, hash) -> level(0).set(index, hash));
        SortedSet<Long> touched = new TreeSet<>(leaves.keySet());
        for (int at = 1; !touched.isEmpty(); at++) {
            touched = above(at, touched);
        }
    }

    private SortedSet<Long> above(int at, SortedSet<Long> below) {
        SortedSet<Long> parents = new TreeSet<>();
        for (long child : below) {
            long parent = child >>> 1;
            if (parent < count >>> at && parents.add(parent)) {
                Level lower = level(at - 1);
                level(at).set(parent, Rfc6962.nodeHash(lower.get(2 * parent), lower.get(2 * parent + 1)));
            }
        }
        return parents;
    }

    private Level level(int at) {
        while (levels.size() <= at) {
            levels.add(new Level());
        }
        return levels.get(at);
    }
}
