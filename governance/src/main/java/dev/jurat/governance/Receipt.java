package dev.jurat.governance;

import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ledger's durable answer to one group.
 *
 * @param clock the clock leaf that the group was judged by
 * @param size a tree size that holds the group and has a checkpoint
 * @param results one a record, in the order of the group
 */
public record Receipt(RecordId clock, long size, List<Result> results) {
    private static final Set<String> OVERTAKEN = Set.of(Rule.POLICY_NOT_DEFAULT.code(), Rule.POLICY_WITHDRAWN.code());

    public Receipt {
        results = List.copyOf(results);
    }

    /** Since when a record is in the log, if it is. */
    public enum Status {
        ADMITTED("admitted"),
        PRESENT("present"),
        REFUSED("refused");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * What became of one record.
     *
     * @param index the leaf that it is, or for a refused one the leaf that says so
     * @param broken the rule that a strict record broke; empty if it was admitted, now or before
     */
    public record Result(RecordId id, long index, Status status, Optional<String> broken) {}

    /** Whether an administrator replaced or withdrew the policy while the group's decision was made, so that it is to be made anew. */
    public boolean isOvertaken() {
        return results.stream().flatMap(result -> result.broken().stream()).anyMatch(OVERTAKEN::contains);
    }

    /** The first rule that any record of the group broke. */
    public Optional<String> firstBroken() {
        return results.stream().flatMap(result -> result.broken().stream()).findFirst();
    }
}
