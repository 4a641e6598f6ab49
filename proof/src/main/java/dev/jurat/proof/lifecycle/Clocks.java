package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.LedgerFacts.Clock;
import dev.jurat.proof.record.RecordId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The clock leaves that a statement may still have seen, and the one that records are judged by. */
final class Clocks {
    static final long SEEN_MILLIS_MAX = 60_000;
    static final long SEEN_MILLIS_MAX_PEOPLE = 900_000;

    private final Map<RecordId, Long> latestOf = new LinkedHashMap<>();
    private Optional<RecordId> currentId = Optional.empty();
    private Clock current = new Clock(0, 0, "none");
    private RecordId genesis = RecordId.NONE;

    void genesis(RecordId id) {
        genesis = id;
    }

    Clock current() {
        return current;
    }

    /** The newest clock leaf, or genesis before any. */
    RecordId currentId() {
        return currentId.orElse(genesis);
    }

    boolean running() {
        return currentId.isPresent();
    }

    Optional<Rule> check(Clock next) {
        boolean forward = next.earliest() >= current.earliest()
                && next.latest() >= current.latest()
                && next.latest() >= next.earliest();
        return forward ? Optional.empty() : Optional.of(Rule.CLOCK_BACKWARDS);
    }

    void tick(RecordId id, Clock next) {
        if (currentId.isEmpty()) {
            latestOf.put(genesis, next.latest());
        }
        current = next;
        currentId = Optional.of(id);
        latestOf.put(id, next.latest());
        Iterator<Long> oldest = latestOf.values().iterator();
        while (oldest.hasNext() && next.earliest() - oldest.next() > SEEN_MILLIS_MAX_PEOPLE) {
            oldest.remove();
        }
    }

    /** Whether what the signer had seen is known and not too old. */
    Optional<Rule> seen(RecordId seen, long millisMax) {
        if (!running() && seen.equals(genesis)) {
            return Optional.empty();
        }
        Long latest = latestOf.get(seen);
        if (latest == null) {
            return Optional.of(Rule.SEEN_UNKNOWN);
        }
        return current.earliest() - latest > millisMax ? Optional.of(Rule.SEEN_TOO_OLD) : Optional.empty();
    }

    /** Expired if the clock may have reached the end. */
    boolean expired(long notAfter) {
        return current.latest() >= notAfter;
    }
}
