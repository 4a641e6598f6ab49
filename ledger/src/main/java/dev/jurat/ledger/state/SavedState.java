package dev.jurat.ledger.state;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.state.StateTree;
import java.util.List;

/** The state of one size, for whoever proves a part of it. Only to be asked within {@link StateStore#asOf}. */
public final class SavedState {
    private final StateTree tree;

    SavedState(StateTree tree) {
        this.tree = tree;
    }

    /** How many leaves it is of. */
    public long size() {
        return tree.size();
    }

    public Hash root() {
        return tree.root();
    }

    /** The bytes of a chunk that it has. */
    public byte[] chunk(long number) {
        return tree.bytes(number);
    }

    /** The inclusion path of a chunk among all. */
    public List<Hash> path(long number) {
        return tree.path(number);
    }

    /** The standing of a leaf below {@link #size}. */
    public byte[] standing(long leaf) {
        return tree.standing(leaf);
    }
}
