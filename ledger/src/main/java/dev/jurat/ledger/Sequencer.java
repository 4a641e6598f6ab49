package dev.jurat.ledger;

import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that orders: it takes what has gathered while the last commit went to disk, judges it group by group, makes it durable
 * with one sync, signs the checkpoint, and only then answers. A commit begins at once unless groups come quickly: {@link Pacing}.
 *
 * <p>Invariant: nobody is answered, and no checkpoint is signed, before the commit is durable; after a failure whose effect is unknown
 * nothing is written, signed or answered as committed again.
 */
final class Sequencer {
    private static final long IDLE_POLL_MILLIS = 250;
    private static final long RETRY_MILLIS = 50;
    private static final long RETRY_DISK_MILLIS = 5_000;
    private static final GroupAnswer FULL = new GroupAnswer.Busy("queue-full", RETRY_MILLIS);

    private final LedgerConfig config;
    private final TimeSource time;
    private final Lifecycle lifecycle;
    private final Admission admission;
    private final StateKeeper keeper;
    private final LogStore store;
    private final HeadMark mark;
    private final NoteSigner signer;
    private final FreeSpace space;
    private final Names names;
    private final Aftermath aftermath;
    private final Runnable ended;
    private final Consumer<Draft> committed;
    private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    /** Groups that are in the queue, or will be once they are checked, and their bytes. */
    private final AtomicInteger places = new AtomicInteger();

    private final AtomicLong placedBytes = new AtomicLong();
    /** Groups that wait for more than a commit. */
    private final Set<CompletableFuture<Provisional>> folded = ConcurrentHashMap.newKeySet();

    private final AtomicLong commits = new AtomicLong();
    private final Pacing pacing = new Pacing();
    private final ReentrantReadWriteLock state = new ReentrantReadWriteLock(true);
    private final Thread thread;
    private byte[] lastSignature = new byte[64];
    private volatile boolean clockWanted;
    private volatile LedgerHead head;
    private volatile @Nullable String stopped;
    private volatile @Nullable String halted;
    private volatile boolean diskFull;
    private volatile boolean closing;

    /** How much room the disk has. */
    @FunctionalInterface
    interface FreeSpace {
        long bytes() throws IOException;
    }

    /** What a commit that is durable asks to be done before it is answered. */
    @FunctionalInterface
    interface Aftermath {
        void run() throws IOException;
    }

    /** What the sequencer works with; all of it belongs to its thread once it starts, but for {@code ended}, told when it takes no more. */
    record Parts(
            Lifecycle lifecycle,
            Admission admission,
            StateKeeper keeper,
            LogStore store,
            HeadMark mark,
            NoteSigner signer,
            FreeSpace space,
            Names names,
            Aftermath aftermath,
            Runnable ended) {}

    Sequencer(LedgerConfig config, TimeSource time, Parts parts, Consumer<Draft> committed) {
        this.config = config;
        this.time = time;
        this.lifecycle = parts.lifecycle();
        this.admission = parts.admission();
        this.keeper = parts.keeper();
        this.store = parts.store();
        this.mark = parts.mark();
        this.signer = parts.signer();
        this.space = parts.space();
        this.names = parts.names();
        this.aftermath = parts.aftermath();
        this.ended = parts.ended();
        this.committed = committed;
        this.head = sign();
        this.thread = Thread.ofPlatform().name("jurat-sequencer").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    // ---- for other threads

    LedgerHead head() {
        return head;
    }

    /** Has a clock leaf written soon if the newest one is older than this; says whether that is to be waited for. */
    boolean wantClock(long millisMax) {
        LedgerHead now = head;
        boolean old = halted == null
                && !now.clock().equals(now.genesis())
                && time.now().earliestMillis() - now.earliestMillis() > millisMax;
        if (old) {
            clockWanted = true;
        }
        return old;
    }

    Optional<String> stopCode() {
        return Optional.ofNullable(stopped);
    }

    /** Takes nothing in and signs nothing from here on; what is there can be asked. */
    void halt(String code) {
        halted = code;
    }

    void lift() {
        halted = null;
    }

    Optional<String> haltCode() {
        return Optional.ofNullable(halted);
    }

    boolean isDiskFull() {
        return diskFull;
    }

    /** How often groups were pushed back since the log was opened, by code. */
    Map<String, Long> turnedAway() {
        return admission.turnedAway();
    }

    /** How many commits were made durable since the log was opened. */
    long commits() {
        return commits.get();
    }

    int queued() {
        return queue.size();
    }

    ReentrantReadWriteLock.ReadLock reading() {
        return state.readLock();
    }

    /** Why no group is taken in at present, if none is. */
    Optional<GroupAnswer> closedToGroups() {
        String code = stopped;
        if (code != null) {
            return Optional.of(new GroupAnswer.Stopped(code));
        }
        String halt = halted;
        if (halt != null) {
            return Optional.of(new GroupAnswer.Stopped(halt));
        }
        if (diskFull) {
            return Optional.of(new GroupAnswer.Busy("disk-full", RETRY_DISK_MILLIS));
        }
        if (store.size() - store.sealedSize() > config.tailRecordsMax()) {
            return Optional.of(new GroupAnswer.Busy("sealing-behind", RETRY_MILLIS));
        }
        boolean full = places.get() >= config.queueGroupsMax() || placedBytes.get() >= config.queueBytesMax();
        return full ? Optional.of(FULL) : Optional.empty();
    }

    /**
     * Gives a group of so many bytes a place in the queue, or answers why not; to be asked before it costs anything. It is given back by
     * {@link #leave}, or with what is {@link #offer offered} in it.
     */
    Optional<GroupAnswer> enter(long bytes) {
        Optional<GroupAnswer> closed = closedToGroups();
        if (closed.isPresent()) {
            return closed;
        }
        boolean fits = placedBytes.addAndGet(bytes) <= config.queueBytesMax();
        if (places.incrementAndGet() > config.queueGroupsMax() || !fits) {
            leave(bytes);
            return Optional.of(FULL);
        }
        return Optional.empty();
    }

    void leave(long bytes) {
        places.decrementAndGet();
        placedBytes.addAndGet(-bytes);
    }

    /** Puts work in the queue, a group into its place, or answers why not; the work itself is answered later. */
    Optional<GroupAnswer> offer(Work work) {
        Optional<String> closed = stopCode().or(this::haltCode);
        if (closed.isPresent()) {
            dequeued(work);
            return closed.map(GroupAnswer.Stopped::new);
        }
        queue.add(work);
        if (stopped != null) {
            drain();
        }
        return Optional.empty();
    }

    /** Stops for a failure outside this thread. */
    void fail(String code) {
        if (stopped == null) {
            stopped = code;
        }
        drain();
    }

    void close() throws InterruptedException {
        closing = true;
        // Wakes the thread.
        queue.add(new Chore(store -> {}, new CompletableFuture<>()));
        thread.join();
        fail("closed");
    }

    // ---- the loop

    private void run() {
        try {
            while (!closing && stopped == null) {
                step();
            }
            if (stopped == null && halted == null && roomFor(List.of())) {
                commit(List.of());
            }
        } catch (InterruptedException e) {
            fail("interrupted");
        } catch (IOException e) {
            // The write or sync may be on disk or not: nobody knows, so nothing is written again before a reload.
            fail("storage-outcome-unknown");
        } catch (RuntimeException | Error e) {
            fail("defect: " + e);
        } finally {
            if (stopped != null) {
                // Another thread may have stopped this one in the middle of a commit, which folded groups since.
                drain();
            }
        }
    }

    private void step() throws InterruptedException, IOException {
        Work first = queue.poll(IDLE_POLL_MILLIS, TimeUnit.MILLISECONDS);
        String halt = halted;
        if (halt != null) {
            turnAway(first, halt);
            return;
        }
        if (first instanceof Chore chore) {
            dequeued(chore);
            run(chore);
            return;
        }
        List<Pending> batch = new ArrayList<>();
        if (first instanceof Pending pending) {
            gather(pending, batch);
        }
        try {
            if (roomFor(batch)) {
                commit(batch);
                store.trim();
            }
        } catch (IOException | RuntimeException | Error e) {
            batch.forEach(group -> group.stopped("storage-outcome-unknown"));
            throw e;
        }
    }

    private void turnAway(@Nullable Work work, String code) {
        if (work != null) {
            dequeued(work);
            work.stopped(code);
        }
        folded.forEach(answer -> answer.complete(new Provisional.Final(new GroupAnswer.Stopped(code))));
    }

    private void gather(Pending first, List<Pending> batch) {
        take(first, batch);
        boolean full = gather(batch);
        long nanos = full || closing ? 0 : pacing.nanosToWait(System.nanoTime());
        if (nanos > 0) {
            int before = batch.size();
            LockSupport.parkNanos(nanos);
            gather(batch);
            pacing.waited(batch.size() > before);
        }
        pacing.began(System.nanoTime());
    }

    /** Takes what is there, as far as a commit goes; says whether that is full. */
    private boolean gather(List<Pending> batch) {
        long bytes = batch.stream().mapToLong(Pending::bytes).sum();
        int records =
                batch.stream().mapToInt(group -> group.submissions().size()).sum();
        while (records < config.commitRecordsMax() && bytes < config.commitBytesMax()) {
            boolean more = queue.peek() instanceof Pending;
            if (!more || !(queue.poll() instanceof Pending next)) {
                return false;
            }
            take(next, batch);
            bytes += next.bytes();
            records += next.submissions().size();
        }
        return true;
    }

    private void take(Pending group, List<Pending> batch) {
        dequeued(group);
        batch.add(group);
        pacing.taken(System.nanoTime());
    }

    private void dequeued(Work work) {
        if (work instanceof Pending group) {
            leave(group.bytes());
        }
    }

    private void run(Chore chore) throws IOException {
        try {
            chore.action().run(store);
            chore.done().complete("");
        } catch (IOException | RuntimeException e) {
            chore.done().complete("storage-outcome-unknown");
            throw e;
        }
    }

    private boolean roomFor(List<Pending> batch) throws IOException {
        diskFull = space.bytes() < config.freeBytesMin();
        if (diskFull) {
            GroupAnswer busy = new GroupAnswer.Busy("disk-full", RETRY_DISK_MILLIS);
            batch.forEach(group -> group.answer().complete(new Provisional.Final(busy)));
        }
        return !diskFull;
    }

    private void commit(List<Pending> batch) throws IOException {
        List<Runnable> answers = new ArrayList<>();
        state.writeLock().lock();
        try {
            judge(batch, answers);
            Draft draft = admission.draft();
            if (!draft.isEmpty()) {
                store.append(draft.entries());
                publish(draft);
            }
        } catch (IOException | RuntimeException | Error e) {
            // The lifecycle is ahead of what is durable: it must not be asked again.
            stopped = "storage-outcome-unknown";
            throw e;
        } finally {
            state.writeLock().unlock();
        }
        aftermath.run();
        answers.forEach(Runnable::run);
    }

    private void judge(List<Pending> batch, List<Runnable> answers) {
        admission.begin(store.size());
        boolean strict =
                clockWanted || batch.stream().anyMatch(group -> group.strict() && !admission.isAnswered(group));
        clockWanted = false;
        admission.tick(time.now(), strict);
        for (Pending group : batch) {
            judge(group.answer(), group, answers);
        }
        if (closing) {
            admission.closeFolds();
        }
        admission.ready().forEach(waiting -> answers.add(waiting::answer));
    }

    private void judge(CompletableFuture<Provisional> answer, Pending group, List<Runnable> answers) {
        Admission.Waiting waiting = new Admission.Waiting(
                verdicts -> answer.complete(new Provisional.Judged(head.clock(), head.size(), verdicts)));
        Optional<GroupAnswer.PushedBack> pushedBack = admission.judge(group, waiting);
        if (pushedBack.isPresent()) {
            Provisional last = new Provisional.Final(pushedBack.get());
            answers.add(() -> answer.complete(last));
        } else if (waiting.isFolded()) {
            folded.add(answer);
            answer.whenComplete((told, failure) -> folded.remove(answer));
        } else {
            answers.add(waiting::answer);
        }
    }

    private void publish(Draft draft) throws IOException {
        draft.names().forEach(names::put);
        long index = store.size() - draft.records().size();
        for (SignedRecord record : draft.records()) {
            names.remember(index, record);
            index++;
        }
        head = sign();
        commits.incrementAndGet();
        // A crash before the next sync may lose the mark; then the next opening checks more and knows less, never
        // something wrong.
        mark.write(new HeadMark.Mark(head.size().value(), head.root(), lastSignature));
        committed.accept(draft);
        keeper.durable(this::rootAt, this::fail);
    }

    private Hash rootAt(long size) {
        TreeSize at = new TreeSize(size);
        return Rfc6962.root(store.hashes(at), at);
    }

    private LedgerHead sign() {
        Hash root = store.root();
        TreeSize size = new TreeSize(store.size());
        SignedNote note = signer.note(new Checkpoint(signer.verifier().name(), size, root).text());
        lastSignature = note.signatures().getFirst().bytes();
        return new LedgerHead(
                lifecycle.genesis(),
                size,
                root,
                note.bytes(),
                lifecycle.clockId(),
                lifecycle.clock().earliest(),
                lifecycle.clock().latest(),
                lifecycle.claimed());
    }

    private void drain() {
        String code = stopped == null ? "stopped" : stopped;
        for (Work work = queue.poll(); work != null; work = queue.poll()) {
            dequeued(work);
            work.stopped(code);
        }
        folded.forEach(answer -> answer.complete(new Provisional.Final(new GroupAnswer.Stopped(code))));
        ended.run();
    }
}
