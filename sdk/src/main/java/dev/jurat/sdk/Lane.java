package dev.jurat.sdk;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.References;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a session: signs what is asked for in the order of asking, spools it, and submits it group by group.
 *
 * <p>While a group is on its way the next ones wait and are gathered, so calls in parallel share commits; what nobody waits for lingers
 * a few milliseconds for company, so calls in sequence share them too. A group whose fate is unknown is sent again, the same bytes, until
 * the ledger answers; nothing else of the session goes out before that. What nobody waits for is signed and spooled meanwhile, ahead of
 * what somebody waits for: a crash does not lose what is known. If the ledger says that the stream does not continue, the lane is
 * broken for good: the state is unknown and is not guessed. Thread-safe.
 */
public final class Lane implements AutoCloseable {
    static final int GROUP_MAX = 32;
    /** A group is submitted when it has this many bytes, however many wait: the node takes no request of any size. */
    public static final int GROUP_BYTES = 4 << 20;

    private static final Duration LINGER = Duration.ofMillis(4);
    private static final Duration LINGER_EXPECTED = Duration.ofMillis(30);
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(3);
    private static final long RETRY_MILLIS_MAX = 250;
    /** How long what nobody waits for is kept by this process alone while a group is unanswered. */
    private static final long KEEP_MILLIS = 50;

    private static final Duration LAST_KEEP = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofMillis(50);
    private static final Duration OFFER = Duration.ofMillis(100);
    private static final Fate CLOSED = new Fate.Dropped("lane-closed");

    private final JuratClient client;
    private final Seen seen;
    private final Backlog backlog;
    private final AtomicInteger expected = new AtomicInteger();
    /** Talks to the node, so that the lane's own thread can sign and keep meanwhile. */
    private final ExecutorService sender;

    private final Thread writer;
    private volatile boolean closing;
    private volatile long finishBy;
    private volatile boolean unfinished;
    private volatile boolean ended;
    private volatile long lost;
    private volatile boolean stuck;
    private volatile String broken = "";

    public Lane(Session session, JuratClient client, Seen seen, Spool spool) {
        this.client = client;
        this.seen = seen;
        this.backlog = new Backlog(session, seen, spool);
        this.sender = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("jurat-lane-sender").factory());
        // A platform thread: it waits for disk and socket by turns, which a virtual one does by way of others.
        this.writer = Thread.ofPlatform().daemon().name("jurat-lane").start(this::run);
    }

    /** What to sign: what it says is asked for at the moment of signing, by the lane's thread. */
    public record Draft(Session.Saying saying, References references, Json.Obj details, Optional<byte[]> artefact) {
        public static Draft of(Facts facts, References references, Json.Obj details) {
            return new Draft(salt -> facts, references, details, Optional.empty());
        }

        /** About how many bytes it takes in memory: the texts in it. */
        long space() {
            return space(details) + artefact.map(a -> (long) a.length).orElse(0L);
        }

        private static long space(Json json) {
            return switch (json) {
                case Json.Str text -> text.value().length();
                case Json.Obj object ->
                    object.members().values().stream().mapToLong(Draft::space).sum();
                case Json.Arr array ->
                    array.items().stream().mapToLong(Draft::space).sum();
                default -> 0;
            };
        }
    }

    /** How a record fared. */
    public sealed interface Fate {
        /** The ledger has it. */
        record Admitted(Entry entry) implements Fate {}

        /** A rule refused it; its number is used. */
        record Refused(Entry entry, String rule) implements Fate {}

        /** It was never signed or will never be sent: the lane is closed or broken. */
        record Dropped(String code) implements Fate {}
    }

    /** A record on its way. */
    public static final class Ticket {
        private final boolean awaited;
        private final CountDownLatch settled = new CountDownLatch(1);
        private @Nullable Fate fate;
        private @Nullable Consumer<Fate> late;
        private boolean signing;
        private boolean withdrawn;
        private Runnable whenKept = () -> {};
        private Runnable whenSettled = () -> {};
        private boolean dispensable;
        /** For the lane's thread: the draft until it is signed, the record until the spool alone has it. */
        private @Nullable Draft draft;

        private @Nullable Entry entry;
        private Spool.@Nullable Kept kept;
        private Optional<byte[]> artefact = Optional.empty();

        private Ticket(Draft draft, boolean awaited) {
            this.draft = draft;
            this.awaited = awaited;
        }

        /**
         * Waits for the fate; null when the time is over first. A record that is not signed by then never is. Of one that is, {@code late}
         * is told once the fate is known, by the lane's thread; until then the caller must treat it as one that may yet be admitted.
         */
        public @Nullable Fate await(Duration time, Consumer<Fate> late) throws InterruptedException {
            if (settled.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                return fate();
            }
            synchronized (this) {
                if (fate == null && signing) {
                    this.late = late;
                }
                withdrawn = !signing;
                return fate;
            }
        }

        /** Has this run once it takes no room in memory any more. */
        void whenKept(Runnable then) {
            whenKept = then;
        }

        /** Has this run once its fate is known, and makes it one that may be dropped. */
        void whenSettled(Runnable then) {
            whenSettled = then;
            dispensable = true;
        }

        boolean isDispensable() {
            return dispensable;
        }

        boolean isAwaited() {
            return awaited;
        }

        /** Whether it is to be signed: from now on its caller counts on it. */
        synchronized boolean begin() {
            signing = !withdrawn;
            return signing;
        }

        synchronized boolean isWithdrawn() {
            return withdrawn;
        }

        Draft draft() {
            return Objects.requireNonNull(draft);
        }

        void sign(Entry record) {
            entry = record;
            artefact = draft().artefact();
            draft = null;
        }

        boolean isInMemory() {
            return entry != null;
        }

        Entry entry() {
            return Objects.requireNonNull(entry);
        }

        Optional<byte[]> artefact() {
            return artefact;
        }

        /** About how many bytes it takes on its way. */
        long space() {
            return (kept != null ? kept.space() : entry().space())
                    + artefact.map(a -> 2L * a.length).orElse(0L);
        }

        void keep(Spool.Kept there) {
            kept = there;
        }

        boolean isKept() {
            return kept != null;
        }

        Spool.Kept kept() {
            return Objects.requireNonNull(kept);
        }

        /** The record is read from the spool when it is sent. */
        void leaveToSpool() {
            entry = null;
            free();
        }

        /** Gives the room in memory back, once. */
        void free() {
            Runnable then;
            synchronized (this) {
                then = whenKept;
                whenKept = () -> {};
            }
            then.run();
        }

        private synchronized @Nullable Fate fate() {
            return fate;
        }

        void settle(Fate known) {
            Consumer<Fate> listener;
            Runnable then;
            synchronized (this) {
                fate = known;
                listener = late;
                then = whenSettled;
                whenSettled = () -> {};
            }
            free();
            then.run();
            settled.countDown();
            if (listener != null) {
                listener.accept(known);
            }
        }
    }

    /** Asks for a record to be signed and submitted; waits while the queue is full. */
    public Ticket submit(Draft draft) throws InterruptedException {
        return submit(new Ticket(draft, true));
    }

    /** Like {@link #submit(Draft)}; the lane's thread tells {@code then} the fate. */
    public void submit(Draft draft, Consumer<Fate> then) throws InterruptedException {
        Ticket ticket = new Ticket(draft, false);
        ticket.late = then;
        submit(ticket);
    }

    private Ticket submit(Ticket ticket) throws InterruptedException {
        while (!backlog.offer(ticket, OFFER)) {
            if (closing || isBroken()) {
                ticket.settle(CLOSED);
                return ticket;
            }
        }
        if (ended) {
            backlog.dropQueued(isBroken() ? new Fate.Dropped(broken) : CLOSED);
        }
        return ticket;
    }

    /**
     * Says that a record which somebody waits for is likely to be asked for soon: what nobody waits for lingers longer for its company. To be
     * closed when it has been asked for, or will not be.
     */
    public Expectation expect() {
        expected.incrementAndGet();
        return expected::decrementAndGet;
    }

    /** That a record is likely to follow; to be closed once. */
    @FunctionalInterface
    public interface Expectation extends AutoCloseable {
        @Override
        void close();
    }

    /** Asks for a record that may be dropped: false if there is no room in time, which such records have for themselves. */
    public boolean offer(Draft draft, Duration time) throws InterruptedException {
        boolean taken = !isBroken() && backlog.offerDispensable(new Ticket(draft, false), time);
        if (taken && ended) {
            backlog.dropQueued(CLOSED);
        }
        return taken;
    }

    /** Asks for a record by the lane's own thread, from the listener of a late fate: never waits, and has room always. */
    public void follow(Draft draft) {
        backlog.add(new Ticket(draft, false));
    }

    /** Whether a group is unanswered, so that nothing further can be admitted now. */
    public boolean isStuck() {
        return stuck;
    }

    /** Whether the stream cannot be continued. */
    public boolean isBroken() {
        return !broken.isEmpty();
    }

    /** The code of what broke the lane, or empty. */
    public String brokenBy() {
        return broken;
    }

    /** That the lane was told to finish, and its time is over. */
    private static final class Over extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private boolean isOver() {
        return closing && System.nanoTime() - finishBy >= 0;
    }

    private void run() {
        try {
            while (!isBroken() && gather()) {
                freshen();
                linger();
                send();
            }
        } catch (Over e) {
            unfinished = true;
        } catch (InterruptedException e) {
            broken = "lane-interrupted";
        } catch (IOException e) {
            broken = "spool-unwritable";
        } catch (RuntimeException e) {
            // Before anybody is told, so that nobody goes on.
            broken = "lane-fault";
            throw e;
        } finally {
            sender.shutdownNow();
            end();
        }
    }

    /** Waits until there is something to do; false at the end. */
    private boolean gather() throws InterruptedException, Over {
        while (backlog.isEmpty()) {
            if (!backlog.takeIn(IDLE) && closing) {
                return false;
            }
        }
        if (isOver()) {
            throw new Over();
        }
        return true;
    }

    /** Tells what is left. Of what is signed and kept nobody is told, unless the stream is broken: whoever takes the spool sends it. */
    private void end() {
        if (!isBroken()) {
            try {
                backlog.keepAhead();
            } catch (IOException e) {
                broken = "spool-unwritable";
            } catch (RuntimeException e) {
                broken = "lane-fault";
            }
        }
        ended = true;
        lost = backlog.countUnkept();
        if (isBroken()) {
            backlog.dropSigned(new Fate.Dropped(broken));
        }
        backlog.dropAsked(isBroken() ? new Fate.Dropped(broken) : CLOSED);
    }

    /**
     * Where nobody waits for the answer, somebody soon may: the outcome of one call shares its commit with the use of the next. What lingers is
     * signed meanwhile.
     */
    private void linger() throws InterruptedException {
        long from = System.nanoTime();
        while (!closing && !backlog.isDue()) {
            backlog.signAll();
            Duration most = expected.get() > 0 ? LINGER_EXPECTED : LINGER;
            Duration left = most.minusNanos(System.nanoTime() - from);
            if (!left.isPositive()) {
                return;
            }
            backlog.takeIn(left.compareTo(LINGER) < 0 ? left : LINGER);
        }
    }

    /** Submits as many as fit one group, and tells them their fate. */
    private void send() throws InterruptedException, IOException, Over {
        Backlog.Group group = backlog.group();
        if (group.tickets().isEmpty()) {
            return;
        }
        Receipt receipt = untilAnswered(group);
        if (receipt == null) {
            return;
        }
        seen.saw(receipt.clock());
        backlog.answered(group.tickets().size());
        for (int i = 0; i < group.tickets().size(); i++) {
            Receipt.Result result = receipt.results().get(i);
            Entry entry = group.entries().get(i);
            boolean refused = result.status() == Receipt.Status.REFUSED;
            group.tickets().get(i).settle(refused ? new Fate.Refused(entry, result.rule()) : new Fate.Admitted(entry));
        }
        // After the callers were told: a crash before it has the same bytes sent again.
        backlog.settle(receipt);
    }

    /** Asks the node what time it is, where what is known has grown old. */
    private void freshen() throws InterruptedException, Over {
        if (seen.isOld()) {
            try {
                meanwhile(seen::fresh);
            } catch (NodeException e) {
                // What is known has to do: the ledger says what is too old for it.
            }
        }
    }

    @FunctionalInterface
    private interface Request<T> {
        T answer() throws NodeException;
    }

    /** Waits for an answer, and keeps what is asked for meanwhile. */
    private <T> T meanwhile(Request<T> request) throws NodeException, InterruptedException, Over {
        Future<T> answer = sender.submit(request::answer);
        try {
            while (true) {
                try {
                    return answer.get(KEEP_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    keepUnlessOver();
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NodeException no) {
                throw no;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private void keepUnlessOver() throws Over {
        if (isOver()) {
            throw new Over();
        }
        try {
            backlog.keepAhead();
        } catch (IOException e) {
            // What is on its way is not given up for it: the next group finds out.
        }
    }

    /** The receipt, or null when the group was pushed back for good. */
    private @Nullable Receipt untilAnswered(Backlog.Group group) throws InterruptedException, Over {
        List<byte[]> artefacts =
                group.tickets().stream().flatMap(t -> t.artefact().stream()).toList();
        long pause = 50;
        try {
            while (true) {
                try {
                    return meanwhile(() -> client.submit(group.entries(), artefacts, ANSWER_DEADLINE));
                } catch (NodeException e) {
                    stuck = true;
                    if (e.isRefusal()) {
                        broken = e.code();
                        return null;
                    }
                }
                for (long left = pause; left > 0; left -= KEEP_MILLIS) {
                    Thread.sleep(Math.min(left, KEEP_MILLIS));
                    keepUnlessOver();
                }
                pause = Math.min(RETRY_MILLIS_MAX, pause * 2);
            }
        } finally {
            stuck = isBroken();
        }
    }

    /** How a lane ended. */
    public enum End {
        /** The ledger has spoken of all that was asked for. */
        DONE,
        /** What is left is in the spool, signed, but for what the lane {@link Lane#lost}. */
        LEFT,
        /** It has not ended: its thread still has the spool. */
        RUNNING
    }

    /** Writes what is queued, up to {@code time}, then stops. What nobody waits for is signed and kept behind what is unanswered. */
    public End finish(Duration time) throws InterruptedException {
        finishBy = System.nanoTime() + time.toNanos();
        closing = true;
        if (!writer.join(time.plus(LAST_KEEP))) {
            return End.RUNNING;
        }
        return unfinished || isBroken() ? End.LEFT : End.DONE;
    }

    /** Of how many records that nobody waited for, and that could not be dropped, nothing is kept, now that the lane has ended. */
    public long lost() {
        return lost;
    }

    @Override
    public void close() throws InterruptedException {
        finish(Duration.ZERO);
    }
}
