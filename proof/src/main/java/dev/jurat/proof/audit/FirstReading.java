package dev.jurat.proof.audit;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Tile;
import java.util.ArrayList;
import java.util.List;

/**
 * What an audit has read, one hash for the leaves of each entry bundle: enough to notice that a second reading is of others. Not thread-safe.
 *
 * <p>Security property: whoever serves a log can give one thing at the first reading and another at the second. What is read again is held
 * against this before anything is made of it.
 */
final class FirstReading {
    private final List<Run> runs = new ArrayList<>();

    /**
     * Leaves of one bundle that were read one after the other.
     *
     * @param end behind the last
     * @param hash over all of them, in their order
     */
    record Run(long first, long end, Hash hash) {
        private static Run of(long leaf, Hash hash) {
            return new Run(leaf, leaf + 1, hash);
        }

        private boolean goesOnAt(long leaf) {
            return end == leaf && leaf % Tile.WIDTH_MAX != 0;
        }

        private Run and(Hash leaf) {
            return new Run(first, end + 1, Hash.of(hash.bytes(), leaf.bytes()));
        }

        /** Whether these are its leaves, by their hashes. */
        boolean isOf(List<Hash> leaves) {
            Run other = of(first, leaves.getFirst());
            for (Hash leaf : leaves.subList(1, leaves.size())) {
                other = other.and(leaf);
            }
            return equals(other);
        }
    }

    /** Takes the next leaf that could be had. */
    void add(long leaf, Hash hash) {
        if (!runs.isEmpty() && runs.getLast().goesOnAt(leaf)) {
            runs.add(runs.removeLast().and(hash));
        } else {
            runs.add(Run.of(leaf, hash));
        }
    }

    /** Those that have a leaf from this one on. */
    List<Run> from(long leaf) {
        return runs.stream().filter(run -> run.end() > leaf).toList();
    }
}
