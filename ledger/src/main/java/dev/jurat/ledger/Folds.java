package dev.jurat.ledger;

import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.LedgerFacts.RefusedFold;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refusals that wait to be told of as one: beyond a rate, those of one stream and one rule gather in a fold, which is a single leaf
 * ({@code docs/spec/lifecycle.md} §2).
 *
 * <p>Security property: a signer who has each of a million records refused makes a leaf of up to {@link RefusedFold#RECORDS_MAX} of them at
 * a time, and every id of them is kept. The mistake that looks right but is not: answering before the fold is written; a refusal that is told is durable. So whoever floods waits.
 * For the sequencer's thread.
 */
final class Folds {
    /** So many refusals of one stream by one rule are told of one by one, and one more for each second that passes. */
    private static final int AT_ONCE = 32;

    /** How long a fold gathers. */
    private static final long OPEN_MILLIS_MAX = 1_000;

    /** What groups that wait for a fold may hold in memory; beyond it all folds are written. */
    private static final long WAITING_BYTES_MAX = 8L << 20;

    private static final int SHARES_MAX = 1 << 14;

    private final Map<Stream, Fold> open = new LinkedHashMap<>();
    private final Map<Reason, Share> shares = new Recent<>(SHARES_MAX);
    private long nowMillis;
    private long waitingBytes;

    private record Reason(String of, Rule rule) {}

    /** What is left of a reason's share. */
    private static final class Share {
        private long left = AT_ONCE;
        private long atMillis;

        Share(long atMillis) {
            this.atMillis = atMillis;
        }

        boolean take(long nowMillis) {
            long more = Math.max(0, (nowMillis - atMillis) / 1_000);
            left = Math.min(AT_ONCE, left + more);
            atMillis += more * 1_000;
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        }
    }

    /** The open fold of one stream. */
    private static final class Fold {
        private final Rule rule;
        private final long first;
        private final long sinceMillis;
        private final Set<RecordId> ids = new LinkedHashSet<>();
        private final List<Told> told = new ArrayList<>();

        Fold(Rule rule, long first, long sinceMillis) {
            this.rule = rule;
            this.first = first;
            this.sinceMillis = sinceMillis;
        }
    }

    /** Is told at which leaf a fold stands, once that is written. */
    @FunctionalInterface
    interface Told {
        void at(long index);
    }

    /** A fold that is to be written. */
    record Closed(RefusedFold facts, List<RecordId> ids, List<Told> told) {}

    /** Says what time it is. */
    void tick(long millis) {
        nowMillis = Math.max(nowMillis, millis);
    }

    /** Whether one more refusal is within the share of its reason, and takes it; {@code of} names the stream or the signer. */
    boolean isWithinShare(String of, Rule rule) {
        return shares.computeIfAbsent(new Reason(of, rule), r -> new Share(nowMillis))
                .take(nowMillis);
    }

    /** Whether a refusal is the next of the fold that is open for its stream. */
    boolean continues(Stream stream, Rule rule) {
        Fold fold = open.get(stream);
        return fold != null && fold.rule == rule && fold.ids.size() < RefusedFold.RECORDS_MAX;
    }

    /** Adds a refusal to the open fold of its stream, or opens one; one of another rule is closed by then. */
    void add(Stream stream, Rule rule, long sequence, RecordId id, Told told) {
        Fold fold = open.computeIfAbsent(stream, s -> new Fold(rule, sequence, nowMillis));
        fold.ids.add(id);
        fold.told.add(told);
    }

    /** Whether a record waits in the fold of its stream. */
    boolean holds(Stream stream, RecordId id) {
        Fold fold = open.get(stream);
        return fold != null && fold.ids.contains(id);
    }

    /** Has somebody else told where the fold of a stream is to stand. */
    void alsoTell(Stream stream, Told told) {
        Optional.ofNullable(open.get(stream)).orElseThrow().told.add(told);
    }

    /** A group that waits holds so many bytes, until it is {@link #released}. */
    void waits(long bytes) {
        waitingBytes += bytes;
    }

    /** The last fold of a group that held so many bytes is closed. */
    void released(long bytes) {
        waitingBytes -= bytes;
    }

    /** Takes the fold of a stream away, to be written. */
    Optional<Closed> close(Stream stream) {
        Fold fold = open.remove(stream);
        return Optional.ofNullable(fold).map(f -> closed(stream, f));
    }

    private static Closed closed(Stream stream, Fold fold) {
        long last = fold.first + fold.ids.size() - 1;
        List<RecordId> ids = List.copyOf(fold.ids);
        return new Closed(new RefusedFold(stream, fold.rule.code(), fold.first, last, ids.getLast()), ids, fold.told);
    }

    /** The streams whose folds are to be written now: those that gathered long enough, or all, where too much waits. */
    List<Stream> due() {
        boolean all = waitingBytes > WAITING_BYTES_MAX;
        return open.entrySet().stream()
                .filter(e -> all || nowMillis - e.getValue().sinceMillis >= OPEN_MILLIS_MAX)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The streams that have a fold. */
    List<Stream> all() {
        return List.copyOf(open.keySet());
    }
}
