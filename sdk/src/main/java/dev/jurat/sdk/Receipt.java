package dev.jurat.sdk;

import dev.jurat.proof.record.RecordId;
import java.util.List;

/**
 * What became of a group.
 *
 * @param clock the newest clock leaf, for {@code seen}
 */
public record Receipt(RecordId clock, List<Result> results) {
    public Receipt {
        results = List.copyOf(results);
    }

    /** What became of one record. */
    public enum Status {
        /** In the log since this request. */
        ADMITTED,
        /** In the log since before: gives no leave to act. */
        PRESENT,
        /** Refused by a rule; its number is used. */
        REFUSED
    }

    /**
     * One record of the group.
     *
     * @param rule the rule that a refused record broke, else empty
     */
    public record Result(RecordId id, Status status, String rule, List<String> flags) {
        public Result {
            flags = List.copyOf(flags);
        }
    }
}
