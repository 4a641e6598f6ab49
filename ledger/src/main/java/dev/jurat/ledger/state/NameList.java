package dev.jurat.ledger.state;

import java.util.Arrays;

/**
 * Names and their leaves, in the order of the names, and for the same name of the leaves.
 *
 * @param names as signed numbers
 */
record NameList(long[] names, long[] leaves) {
    private static final int INDEX_BITS = 31;

    /** Sorts the first {@code count} names. */
    static NameList sorted(long[] names, long[] leaves, int count) {
        // A name's upper bits and its place in one number, so that numbers are sorted and not objects.
        long mask = (1L << INDEX_BITS) - 1;
        long[] order = new long[count];
        for (int i = 0; i < count; i++) {
            order[i] = (names[i] & ~mask) | i;
        }
        Arrays.sort(order);
        NameList list = new NameList(new long[count], new long[count]);
        for (int i = 0; i < count; i++) {
            int at = (int) (order[i] & mask);
            list.insert(i, names[at], leaves[at]);
        }
        return list;
    }

    /** Puts one behind those that are there, and before those of them that are larger: such as have the same upper bits. */
    private void insert(int count, long name, long leaf) {
        int at = count;
        while (at > 0 && (names[at - 1] > name || (names[at - 1] == name && leaves[at - 1] > leaf))) {
            names[at] = names[at - 1];
            leaves[at] = leaves[at - 1];
            at--;
        }
        names[at] = name;
        leaves[at] = leaf;
    }

    int count() {
        return names.length;
    }
}
