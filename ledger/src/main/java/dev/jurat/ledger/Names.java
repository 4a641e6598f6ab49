package dev.jurat.ledger;

import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the newest records are that the index has not read yet: refused and conflicting ones at the leaf that tells of them. Thread-safe; bounded, so
 * that an index which is far behind does not fill the memory.
 */
final class Names {
    private static final int PARSED_MAX = 8192;

    private final int tailMax;

    private final Map<RecordId, Long> recent = new ConcurrentHashMap<>();
    private final Map<Long, SignedRecord> parsed = new ConcurrentHashMap<>();
    /** What {@link #recent} holds, by commits in the order of the log. */
    private final Queue<Placed> placed = new ConcurrentLinkedQueue<>();

    private final AtomicLong from = new AtomicLong();

    private final AtomicLong parsedFrom = new AtomicLong(Long.MAX_VALUE);

    private record Placed(RecordId id, long index) {}

    /** Names at most so many records, those at the end of the log. */
    Names(int tailMax) {
        this.tailMax = tailMax;
    }

    void put(RecordId id, long index) {
        recent.put(id, index);
        placed.add(new Placed(id, index));
        for (Placed first = placed.peek(); first != null && first.index() < index - tailMax; first = placed.peek()) {
            startAt(first.index() + 1);
            placed.remove(first);
            recent.remove(first.id(), first.index());
        }
    }

    int tailMax() {
        return tailMax;
    }

    /** Has no names below an index. */
    void startAt(long index) {
        from.accumulateAndGet(index, Math::max);
    }

    /** From which record on all are named that the index has not read. */
    long from() {
        return from.get();
    }

    /** Keeps a record as it was parsed on its way in, so that reading it back soon costs nothing. */
    void remember(long index, SignedRecord record) {
        if (parsed.size() < PARSED_MAX) {
            parsed.put(index, record);
            parsedFrom.accumulateAndGet(index, Math::min);
        }
    }

    /** A durable record that is still at hand. */
    Optional<SignedRecord> recall(long index) {
        return Optional.ofNullable(parsed.get(index));
    }

    OptionalLong find(RecordId id) {
        Long index = recent.get(id);
        return index == null ? OptionalLong.empty() : OptionalLong.of(index);
    }

    /** Lets go of names below an index: those are in the index now. For one thread. */
    void forgetBelow(long index) {
        // Within a commit they stand in no order: one that is behind a later one goes with it, the next time.
        for (Placed next = placed.peek(); next != null && next.index() < index; next = placed.peek()) {
            recent.remove(next.id(), next.index());
            placed.remove(next);
        }
        for (long at = parsedFrom.getAndSet(index); at < index; at++) {
            parsed.remove(at);
        }
    }
}
