package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;

/** The place of a leaf in the tree, counted from 0. */
public record LeafIndex(long value) implements Comparable<LeafIndex> {
    public LeafIndex {
        if (value < 0) {
            throw new IllegalArgumentException("a leaf index is not negative: " + value);
        }
    }

    /**
     * Reads a decimal without sign or leading zero.
     *
     * @throws FormatException {@code leaf-index}
     */
    public static LeafIndex parse(String text) throws FormatException {
        return new LeafIndex(Decimal.parse(text, "leaf-index"));
    }

    @Override
    public int compareTo(LeafIndex other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
