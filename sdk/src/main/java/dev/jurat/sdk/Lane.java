package dev.jurat.sdk;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a session: signs what is asked for in the order of asking, spools it, and submits it group by group.
 *
 * <p>While a group is on its way the next ones wait and are gathered, so calls in parallel share commits; what nobody waits for lingers
 * a few milliseconds for company, so calls in sequence share them too. A group whose fate is unknown is sent again, the same bytes, until
 * the ledger answers; nothing else of the session goes out before that. If the ledger says that the stream does not continue, the lane is
 * broken for good: the state is unknown and is not guessed. Thread-safe.
 */
public final class Lane implements AutoCloseable {
    private static final int QUEUE_MAX = 1024;
    private static final int GROUP_MAX = 32;
    /** A group is submitted when it has this many bytes, however many wait: the node takes no request of any size. */
    public static final int GROUP_BYTES = 4 << 20;

    private static final Duration LINGER = Duration.ofMillis(4);
    private static final Duration LINGER_EXPECTED = Duration.ofMillis(30);
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(3);
    private static final long RETRY_MILLIS_MAX = 1000;

    private final Session session;
    private final JuratClient client;
    private final Seen seen;
    private final Spool spool;
    private final BlockingQueue<Ticket> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final AtomicInteger expected = new AtomicInteger();
    private final Thread writer;
    private volatile boolean closing;
    private volatile boolean stuck;
    private volatile String broken = "";

    public Lane(Session session, JuratClient client, Seen seen, Spool spool) {
        this.session = session;
        this.client = client;
        this.seen = seen;
        this.spool = spool;
        // A platform thread: it waits for disk and socket by turns, which a virtual one does by way of others.
        this.writer = Thread.ofPlatform().daemon().name("jurat-lane").start(this::run);
    }

    /** What to sign: what it says is asked for at the moment of signing, by the lane's thread. */
    public record Draft(Session.Saying saying, References references, Json.Obj details, Optional<byte[]> artefact) {
        public static Draft of(Facts facts, References references, Json.Obj details) {
            return new Draft(salt -> facts, references, details, Optional.empty());
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
        private final Draft draft;
        private final boolean awaited;
        private final CountDownLatch settled = new CountDownLatch(1);
        private @Nullable Fate fate;
        private @Nullable Consumer<Fate> late;
        private boolean signing;
        private boolean withdrawn;
        /** For the lane's thread. */
        private @Nullable Entry entry;

        private boolean sent;

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

        private synchronized boolean begin() {
            signing = !withdrawn;
            return signing;
        }

        /** Whether it was sent, or never will be because its caller has gone. */
        private synchronized boolean isDone() {
            return sent || withdrawn;
        }

        private synchronized @Nullable Fate fate() {
            return fate;
        }

        private void settle(Fate known) {
            Consumer<Fate> listener;
            synchronized (this) {
                fate = known;
                listener = late;
            }
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
        while (!queue.offer(ticket, 100, TimeUnit.MILLISECONDS)) {
            if (closing || isBroken()) {
                ticket.settle(new Fate.Dropped("lane-closed"));
                return ticket;
            }
        }
        if (closing && !writer.isAlive()) {
            drop("lane-closed");
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

    /** Like {@link #submit(Draft)}, but never waits: false if the queue is full. For the lane's own thread too. */
    public boolean offer(Draft draft) {
        return queue.offer(new Ticket(draft, false));
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

    private void run() {
        try {
            while (true) {
                Ticket first = queue.poll(50, TimeUnit.MILLISECONDS);
                if (first != null) {
                    List<Ticket> group = new ArrayList<>(List.of(first));
                    queue.drainTo(group, GROUP_MAX - 1);
                    take(group);
                } else if (closing) {
                    return;
                }
                if (isBroken()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            broken = "lane-interrupted";
        } catch (IOException e) {
            broken = "spool-unwritable";
        } finally {
            drop(isBroken() ? broken : "lane-closed");
        }
    }

    /**
     * Where nobody waits for the answer, somebody soon may: the outcome of one call shares its commit with the use of the next. What lingers is
     * signed meanwhile.
     */
    private void linger(List<Ticket> group) throws InterruptedException {
        long from = System.nanoTime();
        while (!closing && group.size() < GROUP_MAX && group.stream().noneMatch(t -> t.awaited)) {
            group.forEach(this::sign);
            Duration most = expected.get() > 0 ? LINGER_EXPECTED : LINGER;
            long left = most.minusNanos(System.nanoTime() - from).toNanos();
            if (left <= 0) {
                return;
            }
            Ticket next = queue.poll(Math.min(left, LINGER.toNanos()), TimeUnit.NANOSECONDS);
            if (next != null) {
                group.add(next);
                queue.drainTo(group, GROUP_MAX - group.size());
            }
        }
    }

    private void drop(String code) {
        Ticket waiting;
        while ((waiting = queue.poll()) != null) {
            waiting.settle(new Fate.Dropped(code));
        }
    }

    private void take(List<Ticket> tickets) throws InterruptedException, IOException {
        int from = 0;
        try {
            linger(tickets);
            while (from < tickets.size() && !isBroken()) {
                from = writeSome(tickets, from);
            }
        } catch (RuntimeException e) {
            // Before anybody is told, so that nobody goes on.
            broken = "lane-fault";
            throw e;
        } finally {
            Fate dropped = new Fate.Dropped(isBroken() ? broken : "lane-closed");
            tickets.stream().filter(t -> !t.isDone()).forEach(t -> t.settle(dropped));
        }
    }

    /** The record of a ticket, signed once; null where its caller has gone. */
    private @Nullable Entry sign(Ticket ticket) {
        if (ticket.entry == null && ticket.begin()) {
            Draft draft = ticket.draft;
            ticket.entry = session.sign(draft.saying(), draft.references(), clock(), draft.details());
        }
        return ticket.entry;
    }

    /** Signs and submits as many as fit one group; answers where the next one begins. */
    private int writeSome(List<Ticket> tickets, int from) throws InterruptedException, IOException {
        List<Entry> group = new ArrayList<>();
        List<Ticket> signed = new ArrayList<>();
        int end = from;
        for (long bytes = 0; end < tickets.size() && bytes < GROUP_BYTES; end++) {
            Ticket ticket = tickets.get(end);
            Entry entry = sign(ticket);
            if (entry != null) {
                ticket.sent = true;
                group.add(entry);
                signed.add(ticket);
                bytes += entry.space()
                        + ticket.draft.artefact().map(a -> 2L * a.length).orElse(0L);
            }
        }
        if (!group.isEmpty()) {
            submit(group, signed);
        }
        return end;
    }

    private void submit(List<Entry> group, List<Ticket> tickets) throws InterruptedException, IOException {
        List<byte[]> artefacts = new ArrayList<>();
        tickets.forEach(t -> t.draft.artefact().ifPresent(artefacts::add));
        try {
            spool.keep(group);
        } catch (IOException e) {
            broken = "spool-unwritable";
            tickets.forEach(t -> t.settle(new Fate.Dropped(broken)));
            throw e;
        }
        Receipt receipt = untilAnswered(group, artefacts);
        if (receipt == null) {
            tickets.forEach(t -> t.settle(new Fate.Dropped(broken)));
            return;
        }
        seen.saw(receipt.clock());
        for (int i = 0; i < group.size(); i++) {
            Receipt.Result result = receipt.results().get(i);
            Entry entry = group.get(i);
            boolean refused = result.status() == Receipt.Status.REFUSED;
            tickets.get(i).settle(refused ? new Fate.Refused(entry, result.rule()) : new Fate.Admitted(entry));
        }
        // After the callers were told: a crash before it has the same bytes sent again.
        spool.settle(receipt);
    }

    private RecordId clock() {
        try {
            return seen.fresh();
        } catch (NodeException e) {
            return seen.known();
        }
    }

    /** The receipt, or null when the group was pushed back for good. */
    private @Nullable Receipt untilAnswered(List<Entry> group, List<byte[]> artefacts) throws InterruptedException {
        long pause = 50;
        try {
            while (true) {
                try {
                    return client.submit(group, artefacts, ANSWER_DEADLINE);
                } catch (NodeException e) {
                    stuck = true;
                    if (e.isRefusal()) {
                        broken = e.code();
                        return null;
                    }
                }
                Thread.sleep(pause);
                pause = Math.min(RETRY_MILLIS_MAX, pause * 2);
            }
        } finally {
            stuck = isBroken();
        }
    }

    /** Writes what is queued, up to {@code time}, then stops. What is left unanswered stays in the spool. */
    public boolean finish(Duration time) throws InterruptedException {
        closing = true;
        writer.join(time);
        boolean done = !writer.isAlive();
        if (!done) {
            writer.interrupt();
            writer.join(Duration.ofSeconds(1));
        }
        return done && !isBroken();
    }

    @Override
    public void close() throws InterruptedException {
        finish(Duration.ZERO);
    }
}
