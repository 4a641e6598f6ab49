package dev.jurat.sdk;

import dev.jurat.sdk.Lane.Draft;
import dev.jurat.sdk.Lane.Fate;
import dev.jurat.sdk.Lane.Ticket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a lane has been asked for and has not sent: first what is signed, in the order of the stream, then what is not, in the order of
 * asking.
 *
 * <p>What nobody waits for may be signed and kept ahead of what somebody waits for, so that a crash does not lose it. Offering is
 * thread-safe; all else is for the lane's thread.
 */
final class Backlog {
    private static final int QUEUE_MAX = 1024;
    /** So many bytes are signed ahead, at most; beyond them the queue fills up. */
    private static final long AHEAD_BYTES_MAX = 64 << 20;

    private final Session session;
    private final Seen seen;
    private final Spool spool;
    private final BlockingQueue<Ticket> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final List<Ticket> signed = new ArrayList<>();
    private final Deque<Ticket> asked = new ArrayDeque<>();

    Backlog(Session session, Seen seen, Spool spool) {
        this.session = session;
        this.seen = seen;
        this.spool = spool;
    }

    /** Takes it if there is room for it in time. */
    boolean offer(Ticket ticket, Duration time) throws InterruptedException {
        return queue.offer(ticket, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Takes it if there is room for it now. */
    boolean offer(Ticket ticket) {
        return queue.offer(ticket);
    }

    /** Waits until something is asked for, and takes it in with what fits into a group beside it; false when the time is over first. */
    boolean takeIn(Duration time) throws InterruptedException {
        Ticket next = queue.poll(time.toNanos(), TimeUnit.NANOSECONDS);
        if (next != null) {
            asked.add(next);
            takeIn(Lane.GROUP_MAX);
        }
        return next != null;
    }

    private void takeIn(int most) {
        queue.drainTo(asked, Math.max(0, most - signed.size() - asked.size()));
    }

    /** Whether nothing has been taken in. */
    boolean isEmpty() {
        return signed.isEmpty() && asked.isEmpty();
    }

    /** Whether there is enough for a group, or somebody waits. */
    boolean isDue() {
        return signed.size() + asked.size() >= Lane.GROUP_MAX || asked.stream().anyMatch(Ticket::isAwaited);
    }

    /** Signs all that has been taken in. */
    void signAll() {
        while (!asked.isEmpty()) {
            signNext();
        }
    }

    /** Signs the one that was asked for first, unless its caller has gone. */
    private void signNext() {
        Ticket next = asked.getFirst();
        if (next.begin()) {
            sign(next);
        }
        asked.removeFirst();
    }

    private void sign(Ticket ticket) {
        Draft draft = ticket.draft();
        ticket.signed(session.sign(draft.saying(), draft.references(), seen.known(), draft.details()));
        signed.add(ticket);
    }

    /** The next group, signed and kept; empty if all who asked have gone. It stays first here until it is {@link #answered}. */
    List<Ticket> group() throws IOException {
        takeIn(Lane.GROUP_MAX);
        int count = 0;
        for (long bytes = 0; count < Lane.GROUP_MAX && bytes < Lane.GROUP_BYTES && hasSigned(count); count++) {
            bytes += signed.get(count).space();
        }
        List<Ticket> group = List.copyOf(signed.subList(0, count));
        keep(group);
        return group;
    }

    private boolean hasSigned(int index) {
        while (signed.size() <= index && !asked.isEmpty()) {
            signNext();
        }
        return signed.size() > index;
    }

    /** The first so many are sent, and the ledger has spoken. */
    void answered(int count) {
        signed.subList(0, count).clear();
    }

    /** Notes what it said. */
    void settle(Receipt receipt) throws IOException {
        spool.settle(receipt);
    }

    /** Takes in what there is room for, and signs and keeps of it what nobody waits for. */
    void keepAhead() throws IOException {
        takeIn(QUEUE_MAX);
        long bytes = signed.stream().mapToLong(Ticket::space).sum();
        for (Iterator<Ticket> each = asked.iterator(); each.hasNext() && bytes < AHEAD_BYTES_MAX; ) {
            Ticket ticket = each.next();
            if (mayGoAhead(ticket)) {
                sign(ticket);
                bytes += ticket.space();
                each.remove();
            } else if (ticket.isWithdrawn()) {
                each.remove();
            }
        }
        List<Ticket> line = new ArrayList<>();
        long size = 0;
        for (Ticket ticket : signed) {
            if (line.size() == Lane.GROUP_MAX || size >= Lane.GROUP_BYTES) {
                keep(line);
                line.clear();
                size = 0;
            }
            line.add(ticket);
            size += ticket.space();
        }
        keep(line);
    }

    /** Not what has an artefact, which the spool does not hold. */
    private static boolean mayGoAhead(Ticket ticket) {
        return !ticket.isAwaited() && ticket.draft().artefact().isEmpty();
    }

    private void keep(List<Ticket> tickets) throws IOException {
        List<Ticket> fresh = tickets.stream().filter(t -> !t.isKept()).toList();
        if (!fresh.isEmpty()) {
            spool.keep(fresh.stream().map(Ticket::entry).toList());
            fresh.forEach(Ticket::kept);
        }
    }

    /** Tells all that is signed; what is kept may yet be sent by whoever takes the spool. */
    void dropSigned(Fate fate) {
        signed.forEach(t -> t.settle(fate));
    }

    /** Tells all that is not signed, and never will be. */
    void dropAsked(Fate fate) {
        asked.forEach(t -> t.settle(fate));
        asked.clear();
        dropQueued(fate);
    }

    /** The same of what has not been taken in; thread-safe. */
    void dropQueued(Fate fate) {
        Ticket waiting;
        while ((waiting = queue.poll()) != null) {
            waiting.settle(fate);
        }
    }
}
