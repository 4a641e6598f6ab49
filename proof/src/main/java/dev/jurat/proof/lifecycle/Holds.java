package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.state.Standing;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rule 4 for erasures and holds ({@code docs/spec/lifecycle.md} §6.12): what is held is not erased, whoever asks, until the hold is lifted.
 *
 * <p>That the records named are where an erasure says, the ledger finds as it takes it in; a later reader takes that on its word.
 */
final class Holds {
    private static final Optional<Rule> FINE = Optional.empty();

    /** A placement, and whether it was lifted. */
    private static final class Hold extends Entity {
        private final CustodyFacts.Place facts;
        private boolean lifted;

        Hold(Place place, CustodyFacts.Place facts) {
            super(place);
            this.facts = facts;
        }

        @Override
        Standing standing() {
            return new Standing.Hold(lifted);
        }

        @Override
        void letGo() {}
    }

    private final WorkingSet working;
    private final LinkedHashMap<RecordId, Hold> standing = new LinkedHashMap<>();
    /** How many holds keep each of these; what none keeps any more is not in here. */
    private final Map<RecordId, Integer> records = new HashMap<>();

    private final Map<String, Integer> principals = new HashMap<>();
    private int everything;

    Holds(WorkingSet working) {
        this.working = working;
    }

    Optional<Rule> erasure(CustodyFacts.Erasure facts) {
        boolean held = facts.records().stream().anyMatch(erased -> keeps(facts.stream(), erased.id()));
        return held ? Optional.of(Rule.HELD) : FINE;
    }

    boolean keeps(Stream stream, RecordId id) {
        return everything > 0 || principals.containsKey(stream.principal()) || records.containsKey(id);
    }

    Optional<Rule> hold(Header header, CustodyFacts.Hold facts) {
        Optional<RecordId> named = header.references().optional("hold");
        return switch (facts) {
            case CustodyFacts.Place ignored -> named.isEmpty() ? FINE : Optional.of(Rule.REFERENCE_MISMATCH);
            case CustodyFacts.Lift ignored ->
                named.filter(standing::containsKey).isPresent() ? FINE : Optional.of(Rule.TARGET_UNKNOWN);
        };
    }

    void apply(SignedRecord record, CustodyFacts.Hold facts) {
        switch (facts) {
            case CustodyFacts.Place place -> {
                Hold hold = new Hold(Place.unknown(record.id()), place);
                working.begins(hold);
                place(hold);
            }
            case CustodyFacts.Lift ignored ->
                record.header()
                        .references()
                        .optional("hold")
                        .map(standing::remove)
                        .ifPresent(this::lift);
        }
    }

    /** A placement that stands, read again. */
    void again(Place at, CustodyFacts.Place facts) {
        place(new Hold(at, facts));
    }

    private void place(Hold hold) {
        standing.put(hold.place().id(), hold);
        count(hold.facts, 1);
    }

    private void lift(Hold hold) {
        hold.lifted = true;
        working.changed(hold);
        count(hold.facts, -1);
    }

    private void count(CustodyFacts.Place place, int by) {
        switch (place.scope()) {
            case EVERYTHING -> everything += by;
            case PRINCIPAL -> add(principals, place.principal().orElseThrow(), by);
            case RECORDS -> place.records().forEach(id -> add(records, id, by));
        }
    }

    private static <K> void add(Map<K, Integer> counts, K key, int by) {
        counts.merge(key, by, (a, b) -> a + b == 0 ? null : a + b);
    }

    Map<RecordId, CustodyFacts.Place> standing() {
        Map<RecordId, CustodyFacts.Place> placed = new LinkedHashMap<>();
        standing.forEach((id, hold) -> placed.put(id, hold.facts));
        return Collections.unmodifiableMap(placed);
    }
}
