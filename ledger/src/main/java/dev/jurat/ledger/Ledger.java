package dev.jurat.ledger;

import dev.jurat.ledger.LedgerException.Owner;
import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SecondLineKey;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.state.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An append-only log of judged records in one data folder, and the only writer of it.
 *
 * <p>Security property: an append that is answered {@code Committed} is durable, was judged by the admission rules against everything before
 * it, and is under a signed checkpoint; what an erasure among it names is destroyed. No body is destroyed but by an erasure on the log. The mistake that looks right but is not: taking {@code Stopped} for a refusal; the group may be in
 * the log, and only sending the same bytes to the reopened ledger tells.
 *
 * <p>Thread-safe. Methods that append block until the commit is durable; call them on virtual threads. Spec: {@code docs/spec/log.md},
 * {@code docs/spec/lifecycle.md}.
 */
public final class Ledger implements AutoCloseable {
    private static final long CLOCK_TO_SIGN_MILLIS_MAX = 300_000;
    private static final Duration CLOCK_WAIT = Duration.ofSeconds(2);
    /** What is otherwise some seconds later. */
    private static final Set<String> SOON = Set.of("state-none", "state-not-covered", "state-not-witnessed");

    private static final int CHECKING_MAX = 2 * Runtime.getRuntime().availableProcessors();

    private final Engine engine;
    private final Semaphore checking = new Semaphore(CHECKING_MAX);
    /** Guards that what is kept of halts and whether anything is signed agree. */
    private final Object halting = new Object();

    Ledger(Engine engine) {
        this.engine = engine;
    }

    // ---- opening

    /**
     * What a folder is, without touching it. A folder that has lost its format is never taken for an empty one.
     *
     * @throws LedgerException {@code format-missing}, {@code format-unknown}, {@code format-damaged}, {@code storage-failed}
     */
    public static FolderState state(Path dataFolder) throws LedgerException {
        return Faults.guard(() -> Creation.state(new DiskStorage(dataFolder)));
    }

    /**
     * Marks an empty folder as one where a ledger is being made, durably: for whoever makes something beside it before {@link #create},
     * which does so itself.
     */
    public static void begin(Path dataFolder) throws LedgerException {
        Faults.guard(() -> {
            Creation.begin(new DiskStorage(dataFolder));
            return "";
        });
    }

    /**
     * Makes a new log in an empty or missing folder, or in one where that was cut off, and opens it.
     *
     * @throws LedgerException {@code ledger-exists}, {@code data-folder-in-use}, {@code storage-failed}, and the codes of {@link #state}
     */
    public static Ledger create(
            Path dataFolder, LedgerConfig config, LedgerKeys keys, LedgerPorts ports, GenesisPlan genesis)
            throws LedgerException {
        state(dataFolder);
        return Faults.guard(() -> {
            Files.createDirectories(dataFolder);
            Storage storage = new DiskStorage(dataFolder);
            return new Ledger(Engine.create(storage, derived(dataFolder), true, config, keys, ports, genesis));
        });
    }

    /**
     * Opens a log, reading the leaves after its saved state, or without one every leaf, through the admission rules again.
     *
     * @throws LedgerException {@code not-a-ledger}, {@code data-folder-in-use}, {@code keys-differ}, {@code log-went-back}, {@code head-damaged},
     *     {@code witnessed-damaged}, {@code halt-damaged}, {@code storage-failed}, {@code index-failed}, the codes of {@link #state}, or a code that names the damage: {@code journal-damaged},
     *     {@code journal-gap}, {@code journal-missing}, {@code entries-damaged}, {@code tile-damaged}, {@code root-differs}
     */
    public static Ledger open(Path dataFolder, LedgerConfig config, LedgerKeys keys, LedgerPorts ports)
            throws LedgerException {
        Ledger ledger = openHeld(dataFolder, config, keys, ports);
        ledger.release();
        return ledger;
    }

    /**
     * Opens a log and holds it: all can be read, nothing is taken in and nothing new is signed before {@link #release}; what is offered before
     * waits. For whoever first asks outside whether the folder has gone back. Throws as {@link #open}.
     */
    public static Ledger openHeld(Path dataFolder, LedgerConfig config, LedgerKeys keys, LedgerPorts ports)
            throws LedgerException {
        state(dataFolder);
        return Faults.guard(() -> new Ledger(
                Engine.openHeld(new DiskStorage(dataFolder), derived(dataFolder), true, config, keys, ports)));
    }

    /** Lets a ledger that was opened held begin its work; once. */
    public void release() {
        engine.release();
    }

    private static Derived derived(Path dataFolder) throws IOException, LedgerException {
        Path folder = dataFolder.resolve("index");
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
            throw new LedgerException(
                    "index-failed",
                    Owner.OPERATOR,
                    "the index: " + folder + " is no folder",
                    "Move it away, and start the node: the index is made anew.");
        }
        if (Files.exists(dataFolder)) {
            new DiskStorage(dataFolder).makeFolder(folder.getFileName().toString());
        }
        return new Derived("jdbc:sqlite:" + folder.resolve("ledger.sqlite"), Optional.of(folder));
    }

    // ---- writing

    /** Appends one group; returns when its fate is durable, or it was not taken in. */
    public GroupAnswer append(Group group) {
        return appendAll(List.of(group)).getFirst();
    }

    /** Why no group is taken in at present, if none is: asked before a request is read, it spares reading. */
    public Optional<GroupAnswer> closed() {
        return engine.sequencer().closedToGroups();
    }

    /** Appends groups in order, each judged by itself; answers stand in the same order. */
    public List<GroupAnswer> appendAll(List<Group> groups) {
        List<CompletableFuture<GroupAnswer>> answers = new ArrayList<>();
        for (Prepared prepared : prepare(groups)) {
            answers.add(submit(prepared));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private record Prepared(Optional<GroupAnswer> early, Optional<Pending> pending) {}

    private List<Prepared> prepare(List<Group> groups) {
        List<Entered> entered = new ArrayList<>();
        // Few at a time, and who is pushed back waits in turn: else those who come again at once take the processors
        // from what is taken in.
        checking.acquireUninterruptibly();
        try {
            enter(groups, entered);
            return entered.size() == 1
                    ? List.of(prepare(entered.getFirst()))
                    : entered.parallelStream().map(this::prepare).toList();
        } catch (RuntimeException | Error e) {
            entered.forEach(this::leave);
            throw e;
        } finally {
            checking.release();
        }
    }

    /**
     * A group, and why it has no place in the queue, if it has none.
     *
     * @param left whether its place was given back
     */
    private record Entered(Group group, Optional<GroupAnswer> not, AtomicBoolean left) {}

    /** In order, and none behind one that finds no place: it may continue that one's stream. */
    private void enter(List<Group> groups, List<Entered> entered) {
        Optional<GroupAnswer> closed = Optional.empty();
        for (Group group : groups) {
            Optional<GroupAnswer> beyond = engine.intake().beyondBounds(group).map(Function.identity());
            if (beyond.isEmpty() && closed.isEmpty()) {
                closed = engine.sequencer().enter(group.bytes());
            }
            entered.add(new Entered(group, beyond.isPresent() ? beyond : closed, new AtomicBoolean()));
        }
    }

    private void leave(Entered entered) {
        if (entered.not().isEmpty() && entered.left().compareAndSet(false, true)) {
            engine.sequencer().leave(entered.group().bytes());
        }
    }

    private Prepared prepare(Entered entered) {
        if (entered.not().isPresent()) {
            return new Prepared(entered.not(), Optional.empty());
        }
        try {
            return new Prepared(Optional.empty(), Optional.of(engine.intake().prepare(entered.group())));
        } catch (IOException e) {
            leave(entered);
            engine.sequencer().fail("storage-outcome-unknown");
            return new Prepared(Optional.of(new GroupAnswer.Stopped("storage-outcome-unknown")), Optional.empty());
        }
    }

    private CompletableFuture<GroupAnswer> submit(Prepared prepared) {
        if (prepared.early().isPresent()) {
            return CompletableFuture.completedFuture(prepared.early().get());
        }
        Pending pending = prepared.pending().orElseThrow();
        Optional<GroupAnswer> refused = engine.sequencer().offer(pending);
        return refused.isPresent()
                ? CompletableFuture.completedFuture(refused.get())
                : pending.answer().thenApply(engine::resolve);
    }

    /** Keeps an artefact, durably once it returns. */
    public Hash putArtefact(byte[] content) throws LedgerException {
        return Faults.guard(() -> engine.artefacts().put(content));
    }

    // ---- state

    /** The newest durable size with its checkpoint. */
    public LedgerHead head() {
        return engine.sequencer().head();
    }

    /**
     * The same with a clock leaf that a person may name: an idle log writes none, and one of a quarter of an hour ago is too old. Writes one
     * first where the newest is older than five minutes; where that is not done in two seconds, answers what is there.
     */
    public LedgerHead headToSign() throws InterruptedException {
        LedgerHead head = head();
        return engine.sequencer().wantClock(CLOCK_TO_SIGN_MILLIS_MAX) ? awaitBeyond(head.size(), CLOCK_WAIT) : head;
    }

    /**
     * Asks the state that the next group will be judged against; what it shows is durable. The question must be quick, must not keep the
     * lifecycle and must not change it: the sequencer waits for it.
     *
     * @throws IllegalStateException if the ledger has stopped
     */
    public <T> T ask(Function<Lifecycle, T> question) {
        return engine.ask(question);
    }

    public LedgerStatus status() {
        return engine.status();
    }

    /** Waits until the log is larger than {@code size}, or the time is up; answers the head. */
    public LedgerHead awaitBeyond(TreeSize size, Duration atMost) throws InterruptedException {
        return engine.awaitBeyond(size, atMost);
    }

    // ---- reading

    /**
     * The record with this id; for a refused or conflicting one, the ledger's record that tells of it.
     *
     * @throws LedgerException {@code index-lag} where it may be among those that the index, far behind, has not read
     */
    public Optional<StoredRecord> record(RecordId id) throws LedgerException {
        return Faults.guard(() -> {
            boolean behind = engine.isBehind();
            OptionalLong index = engine.locate(id);
            if (behind && index.isEmpty()) {
                throw lag();
            }
            return index.isPresent() ? Optional.of(engine.read(index.getAsLong())) : Optional.empty();
        });
    }

    /** The erasure that took a record's body; empty where none did. */
    public Optional<StoredRecord> erasureOf(LeafIndex index) throws LedgerException {
        return Faults.guard(() -> engine.erasureOf(index.value()));
    }

    public Optional<StoredRecord> record(LeafIndex index) throws LedgerException {
        return Faults.guard(
                () -> head().size().contains(index) ? Optional.of(engine.read(index.value())) : Optional.empty());
    }

    /** The record that a leaf is, without its body, which takes longer to read than what is permanent. */
    public Optional<SignedRecord> permanent(LeafIndex index) throws LedgerException {
        return Faults.guard(
                () -> head().size().contains(index) ? Optional.of(engine.parsed(index.value())) : Optional.empty());
    }

    /** The last clock leaf that stands for a time before this one, in milliseconds since 1970, by the later of its ends; empty where there is none. */
    public Optional<LeafIndex> clockBefore(long millis) throws LedgerException {
        return Faults.guard(() -> new ClockLeaves(engine)
                .lastBefore(millis, head().size().value())
                .map(found -> new LeafIndex(found.index())));
    }

    /** Shows the records from an index on, in log order, up to the size at the call. */
    public void replay(LeafIndex from, Consumer<SignedRecord> reader) throws LedgerException {
        Faults.guard(() -> {
            long end = head().size().value();
            for (long index = from.value(); index < end; index++) {
                reader.accept(engine.parsed(index));
            }
            return end;
        });
    }

    public Optional<byte[]> artefact(Hash digest) throws LedgerException {
        return Faults.guard(() -> engine.artefacts().read(digest));
    }

    /** The digests of all artefacts, ascending. */
    public List<Hash> artefacts() throws LedgerException {
        return Faults.guard(() -> engine.artefacts().digests());
    }

    /**
     * The bytes under a C2SP path: a hash tile or an entry bundle, full, or partial as any size up to the present has it.
     *
     * @return empty if the path is not one, or the log is too small for it
     */
    public Optional<byte[]> tile(String path) throws LedgerException {
        return Faults.guard(() -> engine.tile(path));
    }

    /**
     * The proof that a leaf is in the log of a size.
     *
     * @throws LedgerException {@code size-unknown}, {@code record-unknown}
     */
    public InclusionProof inclusion(LeafIndex index, TreeSize size) throws LedgerException {
        requireSize(size);
        if (!size.contains(index)) {
            throw unknownRecord(index);
        }
        return proof(() -> InclusionProof.make(engine.hashes(size), index, size));
    }

    /** The proof that the log of one size begins with that of another; {@code size-unknown}. */
    public ConsistencyProof consistency(TreeSize from, TreeSize to) throws LedgerException {
        requireSize(to);
        if (from.compareTo(to) > 0) {
            throw new LedgerException("size-unknown", Owner.YOU, "the first size is the larger one", "Swap the sizes.");
        }
        return proof(() -> ConsistencyProof.make(engine.hashes(to), from, to));
    }

    /**
     * The {@code .tlog-proof} of a leaf under the newest checkpoint.
     *
     * @throws LedgerException {@code record-unknown}
     */
    public byte[] tlogProof(LeafIndex index) throws LedgerException {
        requireIndex(index);
        return proof(() -> engine.tlogProof(index));
    }

    /**
     * The proof of one subject of the state, as of the newest size that a {@code state} leaf states ({@code docs/spec/state.md} §5).
     *
     * @throws LedgerException {@code subject-unknown}, {@code state-none}, {@code state-not-covered}, {@code state-proof-subject},
     *     {@code state-proof-large}
     */
    public byte[] stateProof(Subject subject) throws LedgerException {
        return stateProof(subject, false);
    }

    /**
     * The same under a checkpoint that a quorum of witnesses has cosigned.
     *
     * @throws LedgerException {@code state-not-witnessed} until one covers the newest state, and the others
     */
    public byte[] witnessedStateProof(Subject subject) throws LedgerException {
        return stateProof(subject, true);
    }

    private byte[] stateProof(Subject subject, boolean witnessed) throws LedgerException {
        return proof(() -> {
            try {
                return engine.stateProofs().prove(subject, witnessed);
            } catch (FormatException e) {
                throw notShown(e);
            }
        });
    }

    private static LedgerException notShown(FormatException e) {
        boolean soon = SOON.contains(e.code());
        return new LedgerException(
                e.code(),
                soon ? Owner.JURAT : Owner.YOU,
                String.valueOf(e.getMessage()),
                soon
                        ? "Ask again: a state is stated 10 s after what it covers, once more after that, and then witnesses are asked."
                        : "Check the name; what there is: jurat log list");
    }

    private static <T> T proof(Faults.Step<T> step) throws LedgerException {
        return Faults.guard(() -> {
            try {
                return step.run();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
    }

    private void requireSize(TreeSize size) throws LedgerException {
        if (size.compareTo(head().size()) > 0) {
            throw new LedgerException(
                    "size-unknown",
                    Owner.YOU,
                    "the log has " + head().size() + " records",
                    "Ask for a size that it had.");
        }
    }

    private void requireIndex(LeafIndex index) throws LedgerException {
        if (!head().size().contains(index)) {
            throw unknownRecord(index);
        }
    }

    private static LedgerException unknownRecord(LeafIndex index) {
        return new LedgerException(
                "record-unknown", Owner.YOU, "no record " + index + " at that size", "Check the index.");
    }

    /**
     * Finds bodies that are there, in a stretch of the log of at most so many records from an index on. What belongs to somebody's actions the index says, which may lag.
     */
    public BodyPage bodies(BodyQuery query, long from, int most) throws LedgerException {
        return Faults.guard(() -> new BodyFinder(engine, query).from(from, most));
    }

    // ---- backup

    /**
     * Copies the log as it is now into a folder, while it goes on; what a backup there has already stays. Without the keys of bodies, nobody can read
     * a body from it.
     *
     * @return the size that was copied
     * @throws LedgerException {@code backup-foreign}, {@code backup-newer}, {@code backup-damaged}, {@code storage-failed}
     */
    public TreeSize backup(Path to, Optional<Keys> keys) throws LedgerException {
        return Faults.guard(() -> engine.backup(
                new DiskStorage(to),
                keys.map(k -> new DiskStorage(k.folder())),
                keys.map(Keys::notAfter).orElse(Instant.EPOCH)));
    }

    /**
     * Where the keys of bodies are copied to.
     *
     * @param folder has nothing in it yet
     * @param notAfter when they are to be destroyed
     */
    public record Keys(Path folder, Instant notAfter) {}

    /**
     * Makes the files of a log in an empty folder from a backup, to be opened. Bodies whose keys are not given are not there; erasures on the log are
     * carried out as it is opened.
     *
     * @return the size that was copied
     * @throws LedgerException {@code ledger-exists}, {@code backup-missing}, {@code backup-damaged}, {@code slots-foreign},
     *     {@code data-folder-in-use}, {@code storage-failed}, and the codes of {@link #state}
     */
    public static TreeSize restore(Path backup, Optional<Path> keys, Path dataFolder, LedgerConfig config)
            throws LedgerException {
        if (state(dataFolder) == FolderState.LEDGER) {
            throw new LedgerException(
                    "ledger-exists",
                    Owner.YOU,
                    "there is a log in " + dataFolder + " already",
                    "Name another data folder, or move that log away.");
        }
        return Faults.guard(() -> {
            Path folder = dataFolder.toAbsolutePath().normalize();
            Path beside = Objects.requireNonNull(folder.getParent());
            String name = folder.getFileName().toString();
            Files.createDirectories(beside);
            return Creation.restore(
                    new DiskStorage(beside), name, new DiskStorage(backup), keys.map(DiskStorage::new), config);
        });
    }

    // ---- witnesses

    /** The checkpoint of a head of this ledger's, with the log's second line where it has one: what is given to anybody. */
    public SignedNote checkpoint(LedgerHead head) {
        return engine.second().of(head);
    }

    /** The key of the log's second line; empty if its checkpoints have none. */
    public Optional<SecondLineKey> secondKey() {
        return engine.second().key();
    }

    /** The log's own checkpoint key, under its name. */
    public NoteVerifier logKey() {
        return engine.witnessed().log();
    }

    /** From here on, what is witnessed is what this policy calls so. */
    public void countWitnessesBy(TlogPolicy policy) {
        engine.witnessed().countBy(policy);
    }

    /** The newest checkpoint that the data folder has with cosignatures, by the policy of now or of an earlier start. */
    public Optional<SignedNote> witnessed() {
        return engine.witnessed().newest();
    }

    /** Up to which size a quorum of witnesses has cosigned. */
    public Quorum quorum() {
        return engine.witnessed().quorum();
    }

    /**
     * Keeps a checkpoint of this ledger's with the cosignatures that it has by now, durably, if they are a quorum and it is not older than the
     * one that is kept; says whether it is kept. Lines that do not verify spoil it.
     */
    public boolean keepWitnessed(SignedNote note) throws LedgerException, FormatException {
        try {
            return engine.witnessed().keep(note);
        } catch (IOException e) {
            throw Faults.failed(e);
        }
    }

    /**
     * Takes nothing in and signs nothing from here on, also after a restart, until it is lifted; what is there can be read. What other
     * witnesses halt it for stands beside it.
     *
     * @throws LedgerException {@code storage-failed}: it is halted all the same, and a restart may not know
     */
    public void halt(Halt why) throws LedgerException {
        synchronized (halting) {
            engine.sequencer().halt(why.code());
            Faults.guard(() -> {
                engine.witnessed().keep(why);
                return "";
            });
        }
    }

    /** Forgets the halts that are over: their witnesses have agreed since, or are asked no more. The ledger goes on if none is left. */
    public void lift(Predicate<Halt> over) throws LedgerException {
        synchronized (halting) {
            Faults.guard(() -> {
                engine.witnessed().drop(over);
                return "";
            });
            halted().stream()
                    .findFirst()
                    .ifPresentOrElse(
                            halt -> engine.sequencer().halt(halt.code()),
                            () -> engine.sequencer().lift());
        }
    }

    /** Why the ledger is halted: what each witness has said that contradicts it; nothing where it is not. */
    public List<Halt> halted() {
        return engine.witnessed().halts();
    }

    private LedgerException lag() {
        LedgerStatus status = status();
        return new LedgerException(
                "index-lag",
                Owner.JURAT,
                "the index is being made, and has read " + status.indexed() + " of " + status.size() + " records",
                "Ask again when it has read more: jurat status");
    }

    // ---- the index

    /**
     * Actions that match, the newest first. The index may lag: {@code coveredSize} says how far it has read. A page may have fewer actions than asked for, or none,
     * and a cursor: where looking further would take long, the next page does.
     */
    public ActionPage search(Query query) throws LedgerException {
        return Faults.guard(() -> engine.indexer().search(query));
    }

    /**
     * The records of the action that this record belongs to, in log order; empty if it belongs to none.
     *
     * @throws LedgerException {@code index-lag} where it may be among those that the index, far behind, has not read
     */
    public List<StoredRecord> trace(RecordId id) throws LedgerException {
        return Faults.guard(() -> {
            boolean behind = engine.isBehind();
            List<Long> found = engine.indexer().ask(index -> trace(index, id));
            if (behind && found.isEmpty()) {
                throw lag();
            }
            List<StoredRecord> records = new ArrayList<>();
            for (long at : found) {
                records.add(engine.read(at));
            }
            return List.copyOf(records);
        });
    }

    private static List<Long> trace(ActionIndex index, RecordId id) throws SQLException {
        OptionalLong act = index.actOf(id.hash());
        return act.isPresent() ? index.trace(act.getAsLong()) : List.of();
    }

    /** The records whose id begins with these hexadecimal digits, at most {@code limit} of them; those that the index has read. */
    public List<RecordId> recordsBeginning(String digits, int limit) throws LedgerException {
        return Faults.guard(() -> engine.indexer().ask(index -> index.beginning(digits, limit))).stream()
                .map(RecordId::new)
                .toList();
    }

    /** Hears how far the index has read. */
    @FunctionalInterface
    public interface Progress {
        void at(long indexed, long size);
    }

    /**
     * Throws the index away and makes it again from entries and bodies, beside appends; returns when it has caught up. One that was being made again and
     * was stopped is gone on with, unless it is to be made {@code afresh}.
     */
    public void reindex(boolean afresh, Progress progress) throws LedgerException {
        Faults.guard(() -> {
            engine.indexer().rebuild(afresh, progress);
            return "";
        });
    }

    /** The same, heard by nobody. */
    public void reindex() throws LedgerException {
        reindex(true, (indexed, size) -> {});
    }

    /** Ends intake, waits for the commit under way, and lets go of the data folder. */
    @Override
    public void close() throws LedgerException {
        Faults.guard(() -> {
            engine.close();
            return "";
        });
    }
}
