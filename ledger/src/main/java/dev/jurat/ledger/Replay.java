package dev.jurat.ledger;

import dev.jurat.ledger.state.LeafArchive;
import dev.jurat.ledger.state.Snapshot;
import dev.jurat.ledger.state.StateStore;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.EntryReader;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.store.LeafSource;
import dev.jurat.ledger.store.Skipped;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.RightEdge;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the lifecycle again as a log is opened, from the state that was saved and the leaves after it or from every leaf, and holds what it reads
 * against the newest checkpoint that was signed.
 *
 * <p>Signatures are checked again except below a size whose root is under this ledger's own signature: there the root says that the leaves
 * are those that were checked when they came.
 */
final class Replay implements EntryReader {
    /** What is saved of the state cannot be gone on from; the log can be read from its first leaf. */
    static final String STATE_UNUSABLE = "state-unusable";

    private final LedgerKeys keys;
    private final StateStore state;
    private final CheckedSignatures checker;
    private final Parts parts;
    private final Optional<HeadMark.Mark> mark;
    private final Leaves leaves = new Leaves();
    private final LeafArchive archive;
    private final LedgerConfig config;
    private final Flagged flagged;
    private RightEdge edge = RightEdge.empty();
    private @Nullable Read read;
    private String origin = "";
    private boolean markSigned;

    /** What makes an admission of a lifecycle. */
    @FunctionalInterface
    interface Parts {
        Admission admission(Lifecycle lifecycle, StateKeeper keeper, Flagged flagged, Told told);
    }

    /** What the leaves have made. */
    record Read(Lifecycle lifecycle, StateKeeper keeper, Admission admission) {}

    /** The leaves at hand: as the log is opened those read before, then all that are durable. */
    static final class Leaves {
        private volatile LeafSource source = index -> {
            throw new IllegalStateException("no leaf is read yet");
        };
        private volatile LongSupplier size = () -> 0;

        void are(LeafSource from, LongSupplier durable) {
            source = from;
            size = durable;
        }

        SignedRecord record(long index) {
            try {
                return SignedRecord.ofLeaf(source.leaf(index));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (FormatException e) {
                throw new UncheckedIOException(new IOException("leaf " + index + " is damaged", e));
            }
        }

        long size() {
            return size.getAsLong();
        }
    }

    Replay(
            LedgerKeys keys,
            LedgerConfig config,
            StateStore state,
            CheckedSignatures checker,
            Optional<HeadMark.Mark> mark,
            Parts parts) {
        this.keys = keys;
        this.config = config;
        this.state = state;
        this.checker = checker;
        this.mark = mark;
        this.parts = parts;
        this.archive = new LeafArchive(state, leaves::record, leaves::size);
        this.flagged = new Flagged(archive::at);
    }

    @Override
    public void begins(LeafSource source) throws IOException {
        if (!state.isEmpty()) {
            state.clear("the log is read from its first leaf on");
        }
        leaves.are(source, this::size);
        Lifecycle lifecycle = new Lifecycle(checker, archive);
        StateKeeper keeper = StateKeeper.empty(lifecycle, state, config, flagged::saved);
        read = new Read(lifecycle, keeper, parts.admission(lifecycle, keeper, flagged, archive::telling));
    }

    @Override
    public void startsOver(String why) throws IOException {
        state.clear(why);
    }

    @Override
    public void resumes(Skipped skipped, LeafSource source) throws IOException, StorageException {
        edge = skipped.edge();
        leaves.are(source, this::size);
        Snapshot snapshot = state.newest().orElseThrow(() -> new IllegalStateException("no state is saved"));
        Lifecycle lifecycle = restore(snapshot);
        long stated = stated(leaves.record(snapshot.size() - 1));
        StateKeeper keeper = new StateKeeper(
                lifecycle,
                state,
                config,
                flagged::saved,
                snapshot.size(),
                snapshot.stateRoot(),
                stated,
                newestMatter(stated, snapshot.size()));
        flagged.saved(snapshot.size());
        read = new Read(lifecycle, keeper, parts.admission(lifecycle, keeper, flagged, archive::telling));
        requireOurs(leaves.record(0));
        if (mark.isPresent() && mark.get().size() <= snapshot.size()) {
            requireRoot(mark.get().size(), skipped.rootAt(mark.get().size()));
        }
        for (long leaf : lifecycle.erasures()) {
            there().admission().replayed(leaf, leaves.record(leaf));
        }
    }

    private Lifecycle restore(Snapshot snapshot) throws StorageException {
        try {
            return Lifecycle.restore(checker, archive, snapshot.parts());
        } catch (FormatException | IllegalStateException e) {
            throw new StorageException(STATE_UNUSABLE, "the state that is saved: " + e.getMessage());
        }
    }

    /** What the {@code state} leaf states that a saved state is cut behind. */
    private static long stated(SignedRecord record) throws StorageException {
        if (record.statement().facts() instanceof LedgerFacts.State facts) {
            return facts.size();
        }
        throw new StorageException(STATE_UNUSABLE, "the state that is saved is not cut behind a state leaf");
    }

    /** The newest leaf below a cut that is more than the time or a state; one that is stated already where there is none after that. */
    private long newestMatter(long stated, long cut) {
        long leaf = cut - 1;
        while (leaf >= stated && !StateKeeper.isMatter(leaves.record(leaf))) {
            leaf--;
        }
        return leaf;
    }

    private long size() {
        return edge.size().value();
    }

    private void requireRoot(long size, Hash root) throws StorageException {
        if (mark.isPresent() && mark.get().size() == size && !mark.get().root().equals(root)) {
            throw new StorageException("root-differs", "the root at size " + size + " is not the one signed");
        }
    }

    @Override
    public void read(long index, byte[] leaf) throws IOException, StorageException {
        SignedRecord record = parse(index, leaf);
        // Until it is judged, the leaf is not one of those that the archive may answer with: names go further than the
        // state after a crash.
        if (index == 0) {
            begin(record);
        } else {
            checker.dangerouslyTrust(
                    markSigned && mark.isPresent() && index < mark.get().size());
            follow(index, record);
        }
        edge.append(Rfc6962.leafHash(leaf));
        there().admission().replayed(index, record);
        if (!there().keeper().replayed(index, record, size -> edge.root())) {
            throw new StorageException(
                    "entries-damaged", "leaf " + index + " states another state than the leaves before it give");
        }
        requireRoot(index + 1, edge.root());
    }

    private Read there() {
        Read begun = read;
        if (begun == null) {
            throw new IllegalStateException("a leaf before the beginning");
        }
        return begun;
    }

    /** What was signed was not cut off but lost, and what is left of it stays. */
    @Override
    public void torn() throws StorageException {
        long size = edge.size().value();
        if (mark.isPresent() && mark.get().size() > size) {
            throw new StorageException(
                    "log-went-back", "size " + mark.get().size() + " was signed, but the data folder holds " + size);
        }
    }

    /** Ends the reading; the log must reach at least to what was signed. Answers the log's origin. */
    String end(LeafSource durable, LongSupplier size) throws StorageException {
        checker.dangerouslyTrust(false);
        torn();
        if (edge.size().value() == 0) {
            throw new StorageException("log-empty", "the data folder has no genesis");
        }
        leaves.are(durable, size);
        return origin;
    }

    /** What was read. */
    Read read() {
        return there();
    }

    Flagged flagged() {
        return flagged;
    }

    /** The leaves and their standings, as they are saved. */
    LeafArchive archive() {
        return archive;
    }

    private static SignedRecord parse(long index, byte[] leaf) throws StorageException {
        try {
            return SignedRecord.ofLeaf(leaf);
        } catch (FormatException e) {
            throw new StorageException("entries-damaged", "leaf " + index + ": " + e.code());
        }
    }

    private void begin(SignedRecord record) throws StorageException {
        try {
            there().lifecycle().begin(record);
        } catch (FormatException e) {
            throw new StorageException("entries-damaged", "leaf 0: " + e.code());
        }
        requireOurs(record);
    }

    /** The log is one of these keys, and so is what is said to have been signed. */
    private void requireOurs(SignedRecord record) throws StorageException {
        if (!(record.statement().facts() instanceof LedgerFacts.Genesis genesis)) {
            throw new IllegalStateException("the lifecycle began with " + record);
        }
        String recordKey = there().lifecycle()
                .principal(Stream.LEDGER.principal())
                .orElseThrow()
                .key();
        boolean ours =
                genesis.checkpointKey().equals(keys.checkpoint().verifyKey().text())
                        && recordKey.equals(keys.record().verifyKey().text());
        if (!ours) {
            throw new StorageException("keys-differ", "the keys given are not those that genesis names");
        }
        origin = genesis.origin();
        markSigned = mark.isPresent() && isSigned(mark.get());
        if (mark.isPresent() && !markSigned) {
            throw HeadMark.damaged("is not signed by this log");
        }
    }

    private boolean isSigned(HeadMark.Mark signed) {
        Hash root = signed.root();
        boolean impossible = signed.size() <= 0;
        if (impossible) {
            return false;
        }
        byte[] text =
                new Checkpoint(origin, new TreeSize(signed.size()), root).text().getBytes(StandardCharsets.UTF_8);
        return keys.checkpoint().verifyKey().verifies(text, signed.signature());
    }

    private void follow(long index, SignedRecord record) throws StorageException {
        Judgement judgement = there().lifecycle().judge(Candidate.of(record));
        if (!(judgement instanceof Judgement.Admitted admitted)) {
            throw new StorageException("entries-damaged", "leaf " + index + " may not stand there: " + judgement);
        }
        there().lifecycle().placed(record, index, admitted.flags());
        flagged.put(index, admitted.flags());
    }
}
