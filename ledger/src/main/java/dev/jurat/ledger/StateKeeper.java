package dev.jurat.ledger;

import dev.jurat.ledger.state.NewNames;
import dev.jurat.ledger.state.StateStore;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Changes;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * When the state is cut and stated ({@code docs/spec/state.md} §4): behind each {@code state} leaf it takes from the lifecycle what has
 * changed, has that saved beside the sequencer, and has its root stated by the {@code state} leaf after it.
 *
 * <p>Invariant: what is saved is of a size that is durable, and the lifecycle lets go only of what is saved. For the sequencer's thread,
 * but for saving, which has one of its own.
 */
final class StateKeeper implements Closeable {
    /** What has not changed for so many cuts is not kept in memory. */
    private static final int CUTS_KEPT = 1;

    private static final long CLOSING_SECONDS = 30;

    private final Lifecycle lifecycle;
    private final StateStore store;
    private final LedgerConfig config;
    private final LongConsumer saved;
    private final ExecutorService saving = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("jurat-state").daemon().factory());
    private NewNames names;
    /** The newest cut: the size behind the newest {@code state} leaf, or 0. */
    private long cut;
    /** The size that the newest {@code state} leaf states. */
    private long stated;
    /** The newest leaf that is more than the time or a state; -1 before any. */
    private long matter = -1;

    private long lastMillis = -1;
    private @Nullable Unsaved unsaved;
    /** The root of the state at the cut, once that is saved. */
    private volatile Optional<Hash> root;

    /** A cut whose leaf is not durable yet. */
    private record Unsaved(long size, Changes changes, NewNames names) {}

    /** Goes on from a cut that is saved, or from nothing. */
    StateKeeper(
            Lifecycle lifecycle,
            StateStore store,
            LedgerConfig config,
            LongConsumer saved,
            long cut,
            Hash root,
            long stated,
            long matter) {
        this.lifecycle = lifecycle;
        this.store = store;
        this.config = config;
        this.saved = saved;
        this.names = store.newNames(cut);
        this.cut = cut;
        this.stated = stated;
        this.matter = matter;
        this.root = Optional.of(root);
    }

    /** From nothing. */
    static StateKeeper empty(Lifecycle lifecycle, StateStore store, LedgerConfig config, LongConsumer saved) {
        return new StateKeeper(lifecycle, store, config, saved, 0, Rfc6962.EMPTY_ROOT, 0, -1);
    }

    /** Takes note of a leaf that is placed. */
    void note(long leaf, SignedRecord record) {
        names.add(leaf, record);
        if (isMatter(record)) {
            matter = leaf;
        }
    }

    /** Whether a record is more than the time or a state. */
    static boolean isMatter(SignedRecord record) {
        return record.kind() != Kind.CLOCK && record.kind() != Kind.STATE;
    }

    // ---- in a ledger that writes

    /** What a {@code state} leaf would state now, if one is due. */
    Optional<LedgerFacts.State> due(long nowMillis, long size) {
        if (lastMillis < 0) {
            lastMillis = nowMillis;
        }
        boolean time = nowMillis - lastMillis >= config.stateMillis() || size - cut >= config.stateRecords();
        boolean uncovered = matter >= stated;
        boolean running = !lifecycle.clockId().equals(lifecycle.genesis());
        return time && uncovered && running && unsaved == null
                ? root.map(known -> new LedgerFacts.State(cut, known))
                : Optional.empty();
    }

    /** Cuts behind a {@code state} leaf that has just been placed, everything refused before it being on the log. */
    void cut(long size, long nowMillis) {
        unsaved = take(size);
        lastMillis = nowMillis;
    }

    private Unsaved take(long size) {
        // The cut before this one is saved: its root is known.
        lifecycle.forget(CUTS_KEPT);
        Unsaved taken = new Unsaved(size, lifecycle.changes(), names);
        names = store.newNames(size);
        stated = cut;
        cut = size;
        root = Optional.empty();
        return taken;
    }

    /**
     * Has a cut saved whose leaf is durable now, if there is one.
     *
     * @param logRoots the root of the log at a durable size
     * @param failed is told when it could not be
     */
    void durable(LongFunction<Hash> logRoots, Consumer<String> failed) {
        Unsaved now = unsaved;
        unsaved = null;
        if (now != null) {
            saving.execute(() -> save(now, logRoots, failed));
        }
    }

    private void save(Unsaved now, LongFunction<Hash> logRoots, Consumer<String> failed) {
        try {
            save(now, logRoots);
        } catch (IOException | RuntimeException e) {
            // Nothing is let go of that is not saved, so without saving, memory would grow.
            failed.accept("state-not-saved");
        }
    }

    private void save(Unsaved now, LongFunction<Hash> logRoots) throws IOException {
        Hash known = store.save(now.size(), logRoots.apply(now.size()), now.changes(), now.names());
        saved.accept(now.size());
        root = Optional.of(known);
    }

    // ---- as a log is read again

    /**
     * Takes note of a leaf of the log, and cuts behind it if it is a {@code state} leaf.
     *
     * @param logRoot the root of the log with this leaf
     * @return whether such a leaf states what follows from the log
     */
    boolean replayed(long leaf, SignedRecord record, LongFunction<Hash> logRoot) throws IOException {
        note(leaf, record);
        if (!(record.statement().facts() instanceof LedgerFacts.State state)) {
            return true;
        }
        if (state.size() != cut || !root.equals(Optional.of(state.root()))) {
            return false;
        }
        Unsaved taken = take(leaf + 1);
        save(taken, logRoot);
        return true;
    }

    /** The size behind the newest {@code state} leaf whose root is stated, and so can be shown in the log; 0 before any. */
    long stated() {
        return stated;
    }

    /** The newest {@code state} leaf, and the size that it states; both 0 before any. */
    Statement newest() {
        return new Statement(Math.max(0, cut - 1), stated);
    }

    /** Where a size is stated. */
    record Statement(long leaf, long size) {}

    @Override
    public void close() throws IOException {
        saving.shutdown();
        try {
            if (!saving.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the state is being saved for " + CLOSING_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}
