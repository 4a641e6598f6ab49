package dev.jurat.testkit.assess;

import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A world's log as somebody shows it who may have changed it. */
final class ShownLog implements LogSource {
    private final SignedNote checkpoint;
    private final List<byte[]> leaves = new ArrayList<>();
    private final List<RecordId> ids = new ArrayList<>();
    private final Map<RecordId, Body> bodies;

    ShownLog(World world, SignedNote checkpoint) {
        this.checkpoint = checkpoint;
        this.bodies = world.log().bodies();
        world.log().leaves().forEach(record -> {
            leaves.add(record.leaf());
            ids.add(record.id());
        });
    }

    /** Changes the last byte of a leaf, which is one of a signature. */
    ShownLog spoil(long index) {
        byte[] leaf = leaves.get((int) index).clone();
        leaf[leaf.length - 1] ^= 1;
        leaves.set((int) index, leaf);
        return this;
    }

    /** Changes places. */
    ShownLog swap(long one, long other) {
        byte[] leaf = leaves.get((int) one);
        leaves.set((int) one, leaves.get((int) other));
        leaves.set((int) other, leaf);
        return this;
    }

    /** Leaves out the last one. */
    ShownLog cut() {
        leaves.removeLast();
        return this;
    }

    @Override
    public SignedNote checkpoint(Optional<NoteVerifier> known) {
        return checkpoint;
    }

    @Override
    public Optional<byte[]> entries(EntryBundle bundle) {
        int from = (int) bundle.index() * Tile.WIDTH_MAX;
        int to = from + bundle.width();
        return to > leaves.size() ? Optional.empty() : Optional.of(bundle.encode(leaves.subList(from, to)));
    }

    @Override
    public Optional<byte[]> tile(Tile tile) {
        return Optional.empty();
    }

    @Override
    public boolean owes(Tile tile) {
        return false;
    }

    @Override
    public Optional<byte[]> body(long index) {
        return Optional.ofNullable(bodies.get(ids.get((int) index))).map(Body::bytes);
    }
}
