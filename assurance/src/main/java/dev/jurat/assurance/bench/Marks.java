package dev.jurat.assurance.bench;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Rfc6962;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Leaves, each by the first eight bytes of its hash: enough to find a million of them again, in little memory. Thread-safe. */
final class Marks {
    private long[] all = new long[1 << 16];
    private int count;

    static long of(byte[] leaf) {
        Hash hash = Rfc6962.leafHash(leaf);
        return ByteBuffer.wrap(hash.bytes()).getLong();
    }

    synchronized void add(long... marks) {
        if (count + marks.length > all.length) {
            all = Arrays.copyOf(all, Math.max(2 * all.length, count + marks.length));
        }
        System.arraycopy(marks, 0, all, count, marks.length);
        count += marks.length;
    }

    synchronized int count() {
        return count;
    }

    /** How many of these are not among the others. */
    int missingFrom(Marks others) {
        long[] there = others.sorted();
        return (int) Arrays.stream(sorted())
                .filter(mark -> Arrays.binarySearch(there, mark) < 0)
                .count();
    }

    private synchronized long[] sorted() {
        long[] copy = Arrays.copyOf(all, count);
        Arrays.sort(copy);
        return copy;
    }
}
