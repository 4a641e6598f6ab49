package dev.jurat.gateway.mcp;

import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Lane;
import dev.jurat.sdk.Lane.Draft;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Records what was refused or seen, each by itself as long as it comes slowly and there is room; beyond that by its number, so that nobody fills
 * the log with it, and nobody hides one refusal behind thousands of another code. Thread-safe.
 */
final class Folds {
    /** The code of the record that says how many more there were. */
    static final String FOLDED = "refusals-folded";

    /** So many of one code are recorded one by one at once. */
    private static final int BURST = 1024;
    /** So many more a second. */
    private static final int PER_SECOND = 10;
    /** Codes are of closed tables, but for those of policies and nodes. */
    private static final int CODES_MAX = 256;

    private static final Duration WAIT = Duration.ofSeconds(1);
    /** How long numbers gather before they are recorded. */
    private static final Duration GATHER = Duration.ofSeconds(5);

    private final Lane lane;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new HashMap<>();
    private final TreeMap<String, Long> more = new TreeMap<>();

    /** What is left of one code's share. */
    private static final class Bucket {
        private double left = BURST;
        private long since;

        Bucket(long since) {
            this.since = since;
        }

        boolean take(long now) {
            left = Math.min(BURST, left + (now - since) * PER_SECOND / 1e9);
            since = now;
            boolean taken = left >= 1;
            left -= taken ? 1 : 0;
            return taken;
        }
    }

    Folds(Lane lane, LongSupplier nanos) {
        this.lane = lane;
        this.nanos = nanos;
    }

    /** Records it by itself, or else counts it; answers which. Waits for a second at most, and not while nothing can be recorded. */
    boolean record(String code, Draft draft) {
        boolean alone = hasShare(code) && offered(draft);
        if (!alone) {
            count(code);
        }
        return alone;
    }

    private synchronized boolean hasShare(String code) {
        long now = nanos.getAsLong();
        if (buckets.size() >= CODES_MAX && !buckets.containsKey(code)) {
            return false;
        }
        return buckets.computeIfAbsent(code, c -> new Bucket(now)).take(now);
    }

    private boolean offered(Draft draft) {
        try {
            return lane.offer(draft, lane.isStuck() ? Duration.ZERO : WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Counts one that is not recorded by itself. */
    synchronized void count(String code) {
        if (more.isEmpty()) {
            Thread.ofVirtual().start(this::tellLater);
        }
        more.merge(more.size() < CODES_MAX || more.containsKey(code) ? code : "other", 1L, Long::sum);
    }

    private void tellLater() {
        try {
            Thread.sleep(GATHER);
            tell();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Records the numbers that have gathered. */
    void tell() throws InterruptedException {
        Optional<Draft> folded = fold();
        if (folded.isPresent()) {
            lane.submit(folded.get(), fate -> {});
        }
    }

    private synchronized Optional<Draft> fold() {
        if (more.isEmpty()) {
            return Optional.empty();
        }
        long all = more.values().stream().mapToLong(Long::longValue).sum();
        String each = more.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
        more.clear();
        ExecutionDetails.Refusal details = new ExecutionDetails.Refusal(
                Optional.empty(), List.of(), all + " more than are recorded one by one: " + each);
        return Optional.of(Draft.of(
                new ExecutionFacts.Refusal(FOLDED, Optional.empty(), Optional.empty()),
                References.NONE,
                details.toJson()));
    }
}
