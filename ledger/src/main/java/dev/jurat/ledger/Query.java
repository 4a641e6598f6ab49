package dev.jurat.ledger;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is looked for among actions, the newest first. Empty means any.
 *
 * @param principals who acted: principal ids, and {@code namespace/*} for all of a namespace; one of them is enough
 * @param action the tool's name; of a message that was refused before its tool could be read, the method
 * @param resource a resource as the tool profile normalised it; with {@code *} at its end, everything that begins so
 * @param decision {@code allow}, {@code deny}, {@code pending} or {@code observed}
 * @param outcome {@code success}, {@code tool-error}, {@code not-sent}, {@code unknown}, {@code rolled-back}, {@code incomplete},
 *     {@code refused} or {@code open} (used, no outcome yet)
 * @param flag the code of a flag that a record of the action carries, such as {@code late}
 * @param words whole words that the bodies of the action's records have, in any order; all of them. See {@link Words}
 * @param since earliest time, milliseconds since 1970, included
 * @param until latest time, not included
 * @param before the cursor of an earlier page; the page after it
 * @param limit how many at most, 1 to 1,000
 */
public record Query(
        Set<String> principals,
        Optional<String> action,
        Optional<String> resource,
        Optional<String> decision,
        Optional<String> outcome,
        Optional<String> flag,
        Set<String> words,
        OptionalLong since,
        OptionalLong until,
        OptionalLong before,
        int limit) {
    public static final int LIMIT_MAX = 1000;

    /** Everything, the newest 50 first. */
    public static final Query ALL = new Builder().build();

    public Query {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit is not within 1.." + LIMIT_MAX);
        }
        principals = Set.copyOf(principals);
        words = Set.copyOf(words);
    }

    /** A query in the making: {@link #ALL}, until more is said. */
    public static final class Builder {
        private Set<String> principals = Set.of();
        private Optional<String> action = Optional.empty();
        private Optional<String> resource = Optional.empty();
        private Optional<String> decision = Optional.empty();
        private Optional<String> outcome = Optional.empty();
        private Optional<String> flag = Optional.empty();
        private Set<String> words = Set.of();
        private OptionalLong since = OptionalLong.empty();
        private OptionalLong until = OptionalLong.empty();
        private OptionalLong before = OptionalLong.empty();
        private int limit = 50;

        public Builder principals(Set<String> ids) {
            principals = ids;
            return this;
        }

        public Builder action(Optional<String> name) {
            action = name;
            return this;
        }

        public Builder resource(Optional<String> nameOrPrefix) {
            resource = nameOrPrefix;
            return this;
        }

        public Builder decision(Optional<String> word) {
            decision = word;
            return this;
        }

        public Builder outcome(Optional<String> word) {
            outcome = word;
            return this;
        }

        public Builder flag(Optional<String> code) {
            flag = code;
            return this;
        }

        public Builder words(Set<String> wanted) {
            words = wanted;
            return this;
        }

        public Builder since(OptionalLong millis) {
            since = millis;
            return this;
        }

        public Builder until(OptionalLong millis) {
            until = millis;
            return this;
        }

        public Builder before(OptionalLong cursor) {
            before = cursor;
            return this;
        }

        public Builder limit(int most) {
            limit = most;
            return this;
        }

        public Query build() {
            return new Query(principals, action, resource, decision, outcome, flag, words, since, until, before, limit);
        }
    }
}
