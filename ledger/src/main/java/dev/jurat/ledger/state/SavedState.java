package dev.jurat.ledger.state;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.state.StateTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The state of one size, for whoever proves a part of it. Only to be asked within {@link StateStore#asOf}. */
public final class SavedState {
    private final StateTree tree;
    private final Function<Exception, IOException> failed;

    SavedState(StateTree tree, Function<Exception, IOException> failed) {
        this.tree = tree;
        this.failed = failed;
    }

    /** What the store cannot read is its own failure; what else a question meets is not. */
    private <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new UncheckedIOException(failed.apply(e));
        }
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
        return read(() -> tree.bytes(number));
    }

    /** The inclusion path of a chunk among all. */
    public List<Hash> path(long number) {
        return tree.path(number);
    }

    /** The standing of a leaf below {@link #size}. */
    public byte[] standing(long leaf) {
        return read(() -> tree.standing(leaf));
    }
}
