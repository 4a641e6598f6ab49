package dev.jurat.ledger;

import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Optional;

/** What became of a group. */
public sealed interface GroupAnswer {
    /**
     * Judged, and durable.
     *
     * @param clock the clock leaf that it was judged by
     * @param size a tree size that holds it and has a checkpoint
     * @param results one a record, in the order of the group
     */
    record Committed(RecordId clock, TreeSize size, List<RecordAnswer> results) implements GroupAnswer {}

    /**
     * Not judged: no number is used, and nothing of it is in the log but, for {@code conflict}, evidence of it.
     *
     * @param code a rule's code, {@code conflict}, or a bound such as {@code body-large}
     * @param cause the record that it lies with; empty if it lies with the group
     * @param message for people
     */
    record PushedBack(String code, Optional<RecordId> cause, String message) implements GroupAnswer {}

    /**
     * Not taken in at present; the same bytes may be sent again.
     *
     * @param code {@code queue-full}, {@code sealing-behind}, {@code disk-full}
     */
    record Busy(String code, long retryAfterMillis) implements GroupAnswer {}

    /**
     * The ledger has stopped. Whether the group is in the log shows when it is opened again: sending the same bytes then gives its place,
     * or admits it.
     */
    record Stopped(String code) implements GroupAnswer {}
}
