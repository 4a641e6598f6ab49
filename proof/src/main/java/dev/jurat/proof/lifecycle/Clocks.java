package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.record.LedgerFacts.Clock;
import dev.jurat.proof.record.RecordId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The clock leaves that a statement may still have seen, and the one that records are judged by. */
final class Clocks {
    static final long SEEN_MILLIS_MAX = 60_000;
    static final long SEEN_MILLIS_MAX_PEOPLE = 900_000;

    private static final long MINUTE_MILLIS = 60_000;

    private final Map<RecordId, Long> latestOf = new LinkedHashMap<>();
    /** In which of them something has changed since they were given away. */
    private final Set<Long> changedMinutes = new HashSet<>();

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
            remember(genesis, next.latest());
        }
        current = next;
        currentId = Optional.of(id);
        remember(id, next.latest());
        Iterator<Long> oldest = latestOf.values().iterator();
        for (long latest = oldest.next(); next.earliest() - latest > SEEN_MILLIS_MAX_PEOPLE; latest = oldest.next()) {
            changedMinutes.add(latest / MINUTE_MILLIS);
            oldest.remove();
        }
    }

    private void remember(RecordId id, long latest) {
        latestOf.put(id, latest);
        changedMinutes.add(latest / MINUTE_MILLIS);
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

    // ---- what is kept of it

    private static final String PART = "clock";
    private static final String SEEN = "clock/";

    /** By minutes, so that few of those that may still have been seen are written anew. */
    void into(Parts parts) {
        parts.is(
                PART,
                currentId.stream()
                        .map(id -> Parts.Row.of(current.earliest(), current.latest(), current.source(), id.hex()))
                        .toList());
        SortedMap<Long, List<Parts.Row>> minutes = new TreeMap<>();
        changedMinutes.forEach(minute -> minutes.put(minute, new ArrayList<>()));
        latestOf.forEach((id, latest) -> {
            List<Parts.Row> rows = minutes.get(latest / MINUTE_MILLIS);
            if (rows != null) {
                rows.add(Parts.Row.of(id.hex(), latest));
            }
        });
        minutes.forEach((minute, rows) -> parts.is(SEEN + minute, rows));
        changedMinutes.clear();
    }

    void from(Map<String, byte[]> parts) throws FormatException {
        for (Parts.Row row : Parts.read(parts, PART)) {
            current = new Clock(row.number(0), row.number(1), row.word(2));
            currentId = Optional.of(RecordId.parse(row.word(3)));
        }
        for (String name :
                parts.keySet().stream().filter(n -> n.startsWith(SEEN)).sorted().toList()) {
            for (Parts.Row row : Parts.read(parts, name)) {
                latestOf.put(RecordId.parse(row.word(0)), row.number(1));
            }
        }
    }
}
