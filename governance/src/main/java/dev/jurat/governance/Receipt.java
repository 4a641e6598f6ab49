package dev.jurat.governance;

import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Optional;

/**
 * The ledger's durable answer to one group.
 *
 * @param clock the clock leaf that the group was judged by
 * @param results one a record, in the order of the group
 */
public record Receipt(RecordId clock, List<Result> results) {
    public Receipt {
        results = List.copyOf(results);
    }

    /**
     * What became of one record.
     *
     * @param broken the rule that a strict record broke; empty if it was admitted, now or before
     */
    public record Result(RecordId id, Optional<String> broken) {}

    /** The first rule that any record of the group broke. */
    public Optional<String> firstBroken() {
        return results.stream().flatMap(result -> result.broken().stream()).findFirst();
    }
}
