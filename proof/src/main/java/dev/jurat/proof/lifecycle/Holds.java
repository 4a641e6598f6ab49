package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
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

    private final LinkedHashMap<RecordId, CustodyFacts.Place> standing = new LinkedHashMap<>();
    /** How many holds keep each of these; what none keeps any more is not in here. */
    private final Map<RecordId, Integer> records = new HashMap<>();

    private final Map<String, Integer> principals = new HashMap<>();
    private int everything;

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
                standing.put(record.id(), place);
                count(place, 1);
            }
            case CustodyFacts.Lift ignored ->
                record.header()
                        .references()
                        .optional("hold")
                        .map(standing::remove)
                        .ifPresent(place -> count(place, -1));
        }
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
        return Collections.unmodifiableMap(new LinkedHashMap<>(standing));
    }
}
