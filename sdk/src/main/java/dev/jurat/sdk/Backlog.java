package dev.jurat.sdk;

import dev.jurat.sdk.Lane.Draft;
import dev.jurat.sdk.Lane.Fate;
import dev.jurat.sdk.Lane.Ticket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a lane has been asked for and has not sent: first what is signed, in the order of the stream, then what is not, in the order of
 * asking.
 *
 * <p>What nobody waits for may be signed and kept ahead of what somebody waits for, so that a crash does not lose it; from then on it takes room
 * on the disk, and next to none in memory. Before that it has {@value #ROOM_BYTES} bytes in memory, beyond which the next one waits. What may
 * be dropped has {@value #DISPENSABLE_MAX} places of its own, so that no number of it takes the room of the rest. Offering is thread-safe; all
 * else is for the lane's thread.
 */
final class Backlog {
    private static final int QUEUE_MAX = 1024;
    /** So many are taken in while a group is unanswered, at most. */
    private static final int AHEAD_MAX = 8192;

    private static final int DISPENSABLE_MAX = 512;
    private static final int ROOM_BYTES = 8 << 20;
    /** What has fewer bytes is not counted. */
    private static final long COUNTED_BYTES = 16 << 10;

    private final Session session;
    private final Seen seen;
    private final Spool spool;
    private final BlockingQueue<Ticket> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Semaphore room = new Semaphore(ROOM_BYTES, true);
    private final Semaphore dispensable = new Semaphore(DISPENSABLE_MAX);
    private final List<Ticket> signed = new ArrayList<>();
    private final Deque<Ticket> asked = new ArrayDeque<>();

    Backlog(Session session, Seen seen, Spool spool) {
        this.session = session;
        this.seen = seen;
        this.spool = spool;
    }

    /** Takes it if there is room for it in time. */
    boolean offer(Ticket ticket, Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        long space = ticket.draft().space();
        int counted = ticket.isAwaited() || space < COUNTED_BYTES ? 0 : (int) Math.min(ROOM_BYTES, space);
        if (!room.tryAcquire(counted, time.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        ticket.whenKept(() -> room.release(counted));
        if (queue.offer(ticket, Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            return true;
        }
        ticket.free();
        return false;
    }

    /** Takes what may be dropped, if there is room for it in time. */
    boolean offerDispensable(Ticket ticket, Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        if (!dispensable.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        ticket.whenSettled(dispensable::release);
        boolean taken = queue.offer(ticket, Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (!taken) {
            dispensable.release();
        }
        return taken;
    }

    /** Takes it, by the lane's own thread, which waits for no room. */
    void add(Ticket ticket) {
        asked.add(ticket);
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
        ticket.sign(session.sign(draft.saying(), draft.references(), seen.known(), draft.details()));
        signed.add(ticket);
    }

    /** Tickets and their records, as they are submitted. */
    record Group(List<Ticket> tickets, List<Entry> entries) {}

    /** The next group, signed and kept; empty if all who asked have gone. It stays first here until it is {@link #answered}. */
    Group group() throws IOException {
        takeIn(Lane.GROUP_MAX);
        int count = 0;
        for (long bytes = 0; count < Lane.GROUP_MAX && bytes < Lane.GROUP_BYTES && hasSigned(count); count++) {
            bytes += signed.get(count).space();
        }
        List<Ticket> tickets = List.copyOf(signed.subList(0, count));
        keep(tickets);
        List<Entry> entries = new ArrayList<>();
        for (Ticket ticket : tickets) {
            entries.add(ticket.isInMemory() ? ticket.entry() : spool.read(ticket.kept()));
        }
        return new Group(tickets, entries);
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
        boolean more = true;
        while (more) {
            takeIn(AHEAD_MAX);
            more = signAhead();
            List<Ticket> fresh = signed.stream().filter(t -> !t.isKept()).toList();
            keep(fresh);
            fresh.forEach(Ticket::leaveToSpool);
        }
    }

    /** Signs of what was taken in as much as one group has of what nobody waits for; whether there was any. */
    private boolean signAhead() {
        int count = 0;
        long bytes = 0;
        for (Iterator<Ticket> each = asked.iterator();
                each.hasNext() && count < Lane.GROUP_MAX && bytes < Lane.GROUP_BYTES; ) {
            Ticket ticket = each.next();
            if (mayGoAhead(ticket)) {
                sign(ticket);
                count++;
                bytes += ticket.space();
                each.remove();
            } else if (ticket.isWithdrawn()) {
                each.remove();
            }
        }
        return count > 0;
    }

    /** Not what has an artefact, which the spool does not hold. */
    private static boolean mayGoAhead(Ticket ticket) {
        return !ticket.isAwaited() && ticket.draft().artefact().isEmpty();
    }

    private void keep(List<Ticket> tickets) throws IOException {
        List<Ticket> fresh = tickets.stream().filter(t -> !t.isKept()).toList();
        if (!fresh.isEmpty()) {
            List<Spool.Kept> kept = spool.keep(fresh.stream().map(Ticket::entry).toList());
            for (int i = 0; i < kept.size(); i++) {
                fresh.get(i).keep(kept.get(i));
            }
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

    /** How many are here that nobody waits for, may not be dropped, and are not kept. */
    long countUnkept() {
        return Stream.of(signed, asked, queue)
                .flatMap(Collection::stream)
                .filter(t -> !t.isKept() && !t.isAwaited() && !t.isDispensable())
                .count();
    }
}
