package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;

/** The number of leaves in a tree: 0 to 2^63 − 1. */
public record TreeSize(long value) implements Comparable<TreeSize> {
    public static final TreeSize EMPTY = new TreeSize(0);

    public TreeSize {
        if (value < 0) {
            throw new IllegalArgumentException("a tree size is not negative: " + value);
        }
    }

    /**
     * Reads a decimal without sign or leading zero.
     *
     * @throws FormatException {@code tree-size}
     */
    public static TreeSize parse(String text) throws FormatException {
        return new TreeSize(Decimal.parse(text, "tree-size"));
    }

    /** Whether the tree has this leaf. */
    public boolean contains(LeafIndex index) {
        return index.value() < value;
    }

    @Override
    public int compareTo(TreeSize other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
