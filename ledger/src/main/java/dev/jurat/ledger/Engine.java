package dev.jurat.ledger;

import dev.jurat.ledger.state.StateStore;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.Artefacts;
import dev.jurat.ledger.store.Entry;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.store.KeptBody;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.HashReader;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TlogProof;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The parts of an open ledger, joined. Thread-safe. */
final class Engine {
    private final Closeable lock;
    private final LogStore store;
    private final HeadMark mark;
    private final Artefacts artefacts;
    private final Names names;
    private final Flagged flagged;
    private final Erasures erasures = new Erasures();
    private final Lifecycle lifecycle;
    private final StateKeeper keeper;
    private final StateProofs stateProofs;
    private final Intake intake;
    private final Sequencer sequencer;
    private final Indexer indexer;
    private final Housekeeper housekeeper;
    private final WitnessFiles witnessed;
    private final SecondLine second;
    private final String signatures;
    private final boolean guarded;
    private final boolean headWhole;
    private final Set<Long> damagedBodies = ConcurrentHashMap.newKeySet();
    /** Done with the next commit, or when there is to be none. */
    private volatile CompletableFuture<Void> grown = new CompletableFuture<>();

    private Engine(
            Storage storage,
            Closeable lock,
            Derived derived,
            boolean background,
            LedgerConfig config,
            LedgerKeys keys,
            LedgerPorts ports)
            throws IOException, StorageException, SQLException {
        this.lock = lock;
        this.signatures = ports.signatures().name();
        this.artefacts = new Artefacts(storage);
        // Far more than an index that keeps up is ever behind.
        this.names = new Names(2 * config.tailRecordsMax());
        Optional<HeadMark.Found> head = HeadMark.read(storage);
        Optional<HeadMark.Mark> signed = head.map(HeadMark.Found::mark);
        CheckedSignatures checker = new CheckedSignatures(ports.signatures().checker());
        Keyring keyring = new Keyring();
        Replay.Parts admissions = (rules, stateKeeper, flags, told) -> new Admission(
                rules, checker, keys.record(), ports.random(), config, keyring, flags, erasures, stateKeeper, told);
        Opened opened = open(
                storage, derived, ports, config, state -> new Replay(keys, config, state, checker, signed, admissions));
        Replay replay = opened.replay();
        this.store = opened.store();
        this.flagged = replay.flagged();
        NoteSigner signer = NoteSigner.log(replay.end(store::leaf, store::size), keys.checkpoint());
        store.lostBodies().stream()
                .filter(index -> erasures.of(index).isEmpty())
                .forEach(damagedBodies::add);
        this.lifecycle = replay.read().lifecycle();
        this.keeper = replay.read().keeper();
        this.stateProofs = new StateProofs(this, opened.state(), replay.archive());
        this.second = new SecondLine(signer.verifier().name(), keys.second());
        this.guarded = signed.isPresent() || store.size() == 1;
        this.headWhole = head.map(HeadMark.Found::whole).orElse(true);
        this.mark = HeadMark.open(storage, mark(signer));
        this.indexer = new Indexer(
                derived.indexUrl(),
                lifecycle.genesis().hash(),
                new WordKeys(storage, ports.random()),
                this::readToIndex,
                store::size,
                names);
        nameUnindexed();
        erasures.settle(store, config.tailRecordsMax());
        // What an erasure on the log says is done before anybody is served.
        erasures.carryOut(store, indexer);
        this.intake = new Intake(config, artefacts, ports.signatures().checker(), keyring, this::keys, this::at);
        Sequencer.Parts parts = new Sequencer.Parts(
                lifecycle,
                replay.read().admission(),
                keeper,
                store,
                mark,
                signer,
                storage::usableBytes,
                names,
                this::carryOut,
                () -> grown.complete(null));
        this.sequencer = new Sequencer(config, ports.time(), parts, this::committed);
        this.housekeeper = new Housekeeper(store, mark, indexer, erasures, background, sequencer::fail);
        LedgerHead now = sequencer.head();
        this.witnessed = WitnessFiles.open(storage, signer.verifier(), now.size(), now.root(), store::hashes);
        witnessed.halts().stream().findFirst().ifPresent(halt -> sequencer.halt(halt.code()));
    }

    /** A log, what its leaves have made, and where that is saved. */
    private record Opened(LogStore store, Replay replay, StateStore state) {}

    /** Opens the log from the state that is saved; where that is not to be gone on from, from its first leaf. */
    private static Opened open(
            Storage storage,
            Derived derived,
            LedgerPorts ports,
            LedgerConfig config,
            Function<StateStore, Replay> replays)
            throws IOException, StorageException {
        StateStore state = stateStore(derived);
        try {
            return open(storage, known(state), ports, config, state, replays.apply(state));
        } catch (StorageException e) {
            state.close();
            if (!e.code().equals(Replay.STATE_UNUSABLE)) {
                throw e;
            }
        } catch (UncheckedIOException e) {
            // What was saved cannot be read; if it was the log, that says so when it is read from its first leaf.
            state.close();
        } catch (IOException | RuntimeException e) {
            state.close();
            throw e;
        }
        return fromFirstLeaf(storage, stateStore(derived), ports, config, replays);
    }

    private static Opened fromFirstLeaf(
            Storage storage,
            StateStore state,
            LedgerPorts ports,
            LedgerConfig config,
            Function<StateStore, Replay> replays)
            throws IOException, StorageException {
        try {
            return open(storage, Optional.empty(), ports, config, state, replays.apply(state));
        } catch (IOException | StorageException | RuntimeException e) {
            state.close();
            throw e;
        }
    }

    private static Opened open(
            Storage storage,
            Optional<LogStore.Known> known,
            LedgerPorts ports,
            LedgerConfig config,
            StateStore state,
            Replay replay)
            throws IOException, StorageException {
        LogStore store = LogStore.open(storage, ports.random(), config.segmentBytes(), known, replay);
        return new Opened(store, replay, state);
    }

    private static StateStore stateStore(Derived derived) throws IOException {
        return derived.stateFolder().isPresent()
                ? StateStore.open(derived.stateFolder().get())
                : StateStore.inMemory();
    }

    private static Optional<LogStore.Known> known(StateStore state) throws IOException {
        return state.newest().map(saved -> new LogStore.Known(saved.size(), saved.logRoot()));
    }

    /** Makes a log of one leaf, genesis, and opens it. */
    static Engine create(
            Storage storage,
            Derived derived,
            boolean background,
            LedgerConfig config,
            LedgerKeys keys,
            LedgerPorts ports,
            GenesisPlan plan)
            throws IOException, StorageException, SQLException {
        requireNone(storage);
        Closeable lock = storage.lock();
        try {
            requireNone(storage);
            Creation.begin(storage);
            Artefacts artefacts = new Artefacts(storage);
            List<Hash> digests = new ArrayList<>();
            for (byte[] artefact : plan.artefacts()) {
                digests.add(artefacts.put(artefact));
            }
            if (plan.predecessor().isPresent()) {
                digests.add(artefacts.put(plan.predecessor().get().bytes()));
            }
            SignedRecord genesis = Genesis.sign(plan, keys, digests);
            try (LogStore store = LogStore.create(storage, ports.random(), config.segmentBytes())) {
                store.append(List.of(new Entry(genesis.leaf(), Optional.empty())));
            }
            Creation.complete(storage);
            Engine engine = open(storage, lock, derived, background, config, keys, ports);
            engine.release();
            return engine;
        } catch (IOException | StorageException | SQLException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireNone(Storage storage) throws IOException, StorageException {
        if (Creation.state(storage) == FolderState.LEDGER) {
            throw new StorageException("ledger-exists", "the data folder holds a ledger already");
        }
    }

    private static void requireLedger(Storage storage) throws IOException, StorageException {
        if (Creation.state(storage) != FolderState.LEDGER) {
            throw new StorageException("not-a-ledger", "the data folder holds no ledger");
        }
    }

    static Engine open(
            Storage storage,
            Derived derived,
            boolean background,
            LedgerConfig config,
            LedgerKeys keys,
            LedgerPorts ports)
            throws IOException, StorageException, SQLException {
        Engine engine = openHeld(storage, derived, background, config, keys, ports);
        engine.release();
        return engine;
    }

    /** Opens a log that can be read, and takes nothing in and signs nothing new until it is released. */
    static Engine openHeld(
            Storage storage,
            Derived derived,
            boolean background,
            LedgerConfig config,
            LedgerKeys keys,
            LedgerPorts ports)
            throws IOException, StorageException, SQLException {
        requireLedger(storage);
        Closeable lock = storage.lock();
        try {
            return open(storage, lock, derived, background, config, keys, ports);
        } catch (IOException | StorageException | SQLException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Engine open(
            Storage storage,
            Closeable lock,
            Derived derived,
            boolean background,
            LedgerConfig config,
            LedgerKeys keys,
            LedgerPorts ports)
            throws IOException, StorageException, SQLException {
        Creation.end(storage);
        Engine engine = new Engine(storage, lock, derived, background, config, keys, ports);
        engine.housekeeper.start();
        return engine;
    }

    void release() {
        sequencer.start();
    }

    SecondLine second() {
        return second;
    }

    WitnessFiles witnessed() {
        return witnessed;
    }

    private HeadMark.Mark mark(NoteSigner signer) {
        TreeSize size = new TreeSize(store.size());
        SignedNote note = signer.note(new Checkpoint(signer.verifier().name(), size, store.root()).text());
        return new HeadMark.Mark(
                size.value(), store.root(), note.signatures().getFirst().bytes());
    }

    private void nameUnindexed() throws IOException {
        // An index that is far behind says so itself: nobody waits until all of a long log is read here too.
        long from = Math.max(indexer.indexed(), store.size() - names.tailMax());
        names.startAt(from);
        for (long index = from; index < store.size(); index++) {
            StoredRecord stored = readToIndex(index);
            long at = index;
            names.remember(at, stored.record());
            names.put(stored.record().id(), at);
            told(stored).forEach(id -> names.put(id, at));
        }
    }

    private void carryOut() throws IOException {
        if (erasures.carryOut(store, indexer)) {
            housekeeper.wake();
        }
    }

    private void committed(Draft draft) {
        try {
            housekeeper.wake();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CompletableFuture<Void> awaited = grown;
        grown = new CompletableFuture<>();
        awaited.complete(null);
    }

    /** What a record of a stream may be signed with: its session's key, and its principal's, which open sessions. */
    private List<VerifyKey> keys(Stream stream) {
        sequencer.reading().lock();
        try {
            List<VerifyKey> keys = new ArrayList<>();
            lifecycle.head(stream).ifPresent(head -> keys.add(head.key()));
            for (Lifecycle.KeyStanding key : lifecycle.keys(stream.principal())) {
                keys.add(VerifyKey.parse(key.key()));
            }
            return List.copyOf(keys);
        } catch (FormatException e) {
            // A principal's key was read when it was registered.
            throw new IllegalStateException(e);
        } finally {
            sequencer.reading().unlock();
        }
    }

    Sequencer sequencer() {
        return sequencer;
    }

    Intake intake() {
        return intake;
    }

    Artefacts artefacts() {
        return artefacts;
    }

    Indexer indexer() {
        return indexer;
    }

    // ---- reading

    /** A durable record; its body only if it is the one that the statement names. */
    StoredRecord read(long index) throws IOException {
        SignedRecord record = parsed(index);
        KeptBody body = record.kind().hasBody() ? store.body(index) : new KeptBody.None();
        Optional<byte[]> whole = body instanceof KeptBody.Whole kept
                ? Optional.of(kept.bytes())
                        .filter(b -> Hash.of(b).equals(record.statement().subject()))
                : Optional.empty();
        boolean damaged = whole.isEmpty()
                && switch (body) {
                    case KeptBody.None ignored -> false;
                    case KeptBody.Half ignored -> erasures.of(index).isEmpty();
                    case KeptBody.Whole ignored -> true;
                    case KeptBody.Damaged ignored -> true;
                };
        note(index, damaged);
        return new StoredRecord(new LeafIndex(index), record, whole, damaged, flagged.of(index, record.kind()));
    }

    /** A durable record with its body where the index looks into bodies of its kind, without one elsewhere. */
    private StoredRecord readToIndex(long index) throws IOException {
        SignedRecord record = parsed(index);
        return Projection.looksInto(record.kind())
                ? read(index)
                : new StoredRecord(
                        new LeafIndex(index), record, Optional.empty(), false, flagged.of(index, record.kind()));
    }

    /** A durable record without its body. */
    SignedRecord parsed(long index) throws IOException {
        try {
            Optional<SignedRecord> recent = names.recall(index);
            return recent.isPresent() ? recent.get() : SignedRecord.ofLeaf(store.leaf(index));
        } catch (FormatException e) {
            throw new IOException("leaf " + index + " is damaged", e);
        }
    }

    /** The record at an index that is durable. */
    private Optional<SignedRecord> at(long index) throws IOException {
        return index < store.size() ? Optional.of(read(index).record()) : Optional.empty();
    }

    /** The erasure that took the body of the record at an index. */
    Optional<StoredRecord> erasureOf(long index) throws IOException {
        OptionalLong erasure = erasures.of(index);
        return erasure.isPresent() && erasure.getAsLong() < store.size()
                ? Optional.of(read(erasure.getAsLong()))
                : Optional.empty();
    }

    /** Remembers whose body is damaged: nobody reads them all to find out. */
    private void note(long index, boolean damaged) {
        if (damaged) {
            damagedBodies.add(index);
        } else {
            damagedBodies.remove(index);
        }
    }

    /** Where a record is, or is told of. What the index says is held against the log; what it does not know is looked for there. */
    OptionalLong locate(RecordId id) throws IOException {
        OptionalLong known = names.find(id);
        if (known.isEmpty()) {
            known = indexed(id);
        }
        if (known.isPresent() && known.getAsLong() < store.size() && holds(known.getAsLong(), id)) {
            return known;
        }
        return indexer.fault().isPresent() ? scan(id) : OptionalLong.empty();
    }

    /** Whether there are records that neither the index knows nor the names at hand: then one that is not found may be there. */
    boolean isBehind() {
        return indexer.indexed() < names.from() && indexer.fault().isEmpty();
    }

    private OptionalLong indexed(RecordId id) {
        try {
            return indexer.find(id.hash());
        } catch (SQLException e) {
            return OptionalLong.empty();
        }
    }

    private OptionalLong scan(RecordId id) throws IOException {
        for (long index = store.size() - 1; index >= 0; index--) {
            if (holds(index, id)) {
                return OptionalLong.of(index);
            }
        }
        return OptionalLong.empty();
    }

    private boolean holds(long index, RecordId id) throws IOException {
        return parsed(index).id().equals(id) || told(readToIndex(index)).contains(id);
    }

    private static List<RecordId> told(StoredRecord stored) {
        return switch (stored.record().statement().facts()) {
            case LedgerFacts.Refused refused ->
                refused.records().stream().map(LedgerFacts.RefusedRecord::id).toList();
            case LedgerFacts.RefusedFold fold -> Projection.folded(stored, fold);
            case LedgerFacts.Conflict conflict -> List.of(conflict.id());
            default -> List.of();
        };
    }

    Optional<byte[]> tile(String path) throws IOException {
        TreeSize size = sequencer.head().size();
        try {
            if (path.startsWith("tile/entries/")) {
                EntryBundle bundle = EntryBundle.parse(path);
                boolean there = Tile.at(0, bundle.index(), size)
                        .filter(t -> t.width() >= bundle.width())
                        .isPresent();
                return there ? Optional.of(store.entries(bundle)) : Optional.empty();
            }
            Tile tile = Tile.parse(path);
            boolean there = Tile.at(tile.level(), tile.index(), size)
                    .filter(t -> t.width() >= tile.width())
                    .isPresent();
            return there ? Optional.of(store.tile(tile)) : Optional.empty();
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    HashReader hashes(TreeSize size) {
        return store.hashes(size);
    }

    byte[] tlogProof(LeafIndex index) {
        LedgerHead head = sequencer.head();
        InclusionProof proof = InclusionProof.make(hashes(head.size()), index, head.size());
        return new TlogProof(index, proof.path(), second.of(head)).bytes();
    }

    // ---- answers

    /** Finds the places that the sequencer left open. */
    GroupAnswer resolve(Provisional provisional) {
        return switch (provisional) {
            case Provisional.Final last -> last.answer();
            case Provisional.Judged judged -> resolve(judged);
        };
    }

    private GroupAnswer resolve(Provisional.Judged judged) {
        List<RecordAnswer> results = new ArrayList<>();
        try {
            for (Provisional.Verdict verdict : judged.verdicts()) {
                results.add(resolve(verdict));
            }
        } catch (IOException e) {
            sequencer.fail("storage-failed");
            return new GroupAnswer.Stopped("storage-failed");
        }
        return new GroupAnswer.Committed(judged.clock(), judged.size(), List.copyOf(results));
    }

    private RecordAnswer resolve(Provisional.Verdict verdict) throws IOException {
        return switch (verdict) {
            case Provisional.Verdict.Admitted a ->
                new RecordAnswer.Admitted(a.id(), new LeafIndex(a.index()), a.flags());
            case Provisional.Verdict.Refused r -> new RecordAnswer.Refused(r.id(), new LeafIndex(r.index()), r.rule());
            case Provisional.Verdict.Present p -> new RecordAnswer.Present(p.id(), place(p), p.refused());
        };
    }

    private LeafIndex place(Provisional.Verdict.Present present) throws IOException {
        OptionalLong known = present.index().isPresent() ? present.index() : locate(present.id());
        OptionalLong found = known.isPresent() ? known : scan(present.id());
        return new LeafIndex(
                found.orElseThrow(() -> new IOException("record " + present.id() + " is nowhere in the log")));
    }

    // ---- backup

    TreeSize backup(Storage to, Optional<Storage> keys, Instant keysUntil) throws IOException, StorageException {
        LedgerHead head = sequencer.head();
        try {
            byte[] signature =
                    SignedNote.parse(head.checkpoint()).signatures().getFirst().bytes();
            HeadMark.Mark signed = new HeadMark.Mark(head.size().value(), head.root(), signature);
            store.backup(head.genesis().hash(), signed, to, keys, keysUntil);
            return head.size();
        } catch (FormatException e) {
            throw new IllegalStateException("our own checkpoint does not parse", e);
        }
    }

    // ---- state

    <T> T ask(Function<Lifecycle, T> question) {
        sequencer.reading().lock();
        try {
            if (sequencer.stopCode().isPresent()) {
                throw new IllegalStateException(
                        "the ledger has stopped: " + sequencer.stopCode().get());
            }
            return question.apply(lifecycle);
        } finally {
            sequencer.reading().unlock();
        }
    }

    /** Where the newest state is stated, as {@link #ask} would show it. */
    StateKeeper.Statement newestState() {
        return ask(ignored -> keeper.newest());
    }

    StateProofs stateProofs() {
        return stateProofs;
    }

    LedgerStatus status() {
        Optional<String> code = sequencer.stopCode();
        LedgerStatus.State state = code.isPresent()
                ? (code.get().equals("closed") ? LedgerStatus.State.CLOSED : LedgerStatus.State.STOPPED)
                : open();
        return new LedgerStatus(
                state,
                code.or(sequencer::haltCode).orElse(sequencer.isDiskFull() ? "disk-full" : ""),
                store.size(),
                store.sealedSize(),
                sequencer.commits(),
                sequencer.queued(),
                sequencer.turnedAway(),
                store.journalBytes(),
                indexer.indexed(),
                indexer.fault().orElse(""),
                signatures,
                guarded,
                headWhole,
                List.copyOf(new TreeSet<>(damagedBodies)),
                erasures.count(),
                erasures.packsToCompact());
    }

    private LedgerStatus.State open() {
        if (sequencer.haltCode().isPresent()) {
            return LedgerStatus.State.READ_ONLY;
        }
        return sequencer.isDiskFull() ? LedgerStatus.State.DISK_FULL : LedgerStatus.State.RUNNING;
    }

    LedgerHead awaitBeyond(TreeSize size, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            CompletableFuture<Void> next = grown;
            long left = deadline - System.nanoTime();
            boolean wait = left > 0
                    && sequencer.head().size().compareTo(size) <= 0
                    && sequencer.stopCode().isEmpty();
            if (!wait || !comes(next, left)) {
                return sequencer.head();
            }
        }
    }

    private static boolean comes(CompletableFuture<Void> next, long nanos) throws InterruptedException {
        try {
            next.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void close() throws IOException, InterruptedException, SQLException {
        sequencer.close();
        housekeeper.close();
        boolean sound = sequencer.stopCode().equals(Optional.of("closed"));
        try {
            if (sound) {
                mark.sync();
            }
            indexer.close();
            keeper.close();
            store.close();
            mark.close();
        } finally {
            lock.close();
        }
    }
}
