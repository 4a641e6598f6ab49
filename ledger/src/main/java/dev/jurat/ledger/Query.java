package dev.jurat.ledger;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is looked for among actions, the newest first. Empty means any.
 *
 * @param principal who acted: a principal id
 * @param action the tool's name; of a message that was refused before its tool could be read, the method
 * @param resource a resource as the tool profile normalised it; with {@code *} at its end, everything that begins so
 * @param decision {@code allow}, {@code deny}, {@code pending} or {@code observed}
 * @param outcome {@code success}, {@code tool-error}, {@code not-sent}, {@code unknown}, {@code rolled-back}, {@code incomplete},
 *     {@code refused} or {@code open} (used, no outcome yet)
 * @param flag the code of a flag that a record of the action carries, such as {@code late}
 * @param since earliest time, milliseconds since 1970, included
 * @param until latest time, not included
 * @param before the cursor of an earlier page; the page after it
 * @param limit how many at most, 1 to 1,000
 */
public record Query(
        Optional<String> principal,
        Optional<String> action,
        Optional<String> resource,
        Optional<String> decision,
        Optional<String> outcome,
        Optional<String> flag,
        OptionalLong since,
        OptionalLong until,
        OptionalLong before,
        int limit) {
    public static final int LIMIT_MAX = 1000;

    /** Everything, the newest 50 first. */
    public static final Query ALL = new Query(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            50);

    public Query {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit is not within 1.." + LIMIT_MAX);
        }
    }
}
