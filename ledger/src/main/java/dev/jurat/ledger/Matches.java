package dev.jurat.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the acts that meet all conditions, the newest first, part by part: each condition gives the acts of a part that meet it, and what all have
 * in common is found. So it takes the same few steps a part, whatever the conditions have in common.
 */
final class Matches {
    /** After so many rows a question ends with the part that it is in, and the page after it goes on. */
    private static final int ROWS_MAX = 30_000;

    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    private final ActionIndex index;
    /** Whichever nothing met last stands first: as a rule it is rare, and the others need not be looked at. */
    private final List<Condition> conditions;

    private int rows;

    /** What an act must meet: one of some terms, or any term within a range. */
    sealed interface Condition {
        record AnyOf(List<String> terms) implements Condition {}

        record Between(String from, String to) implements Condition {}
    }

    /**
     * Acts, descending.
     *
     * @param below where the search goes on: every act from here on was looked at; 0 where all were
     */
    record Found(List<Long> acts, long below) {}

    Matches(ActionIndex index, Query query, List<String> tokens) {
        this.index = index;
        this.conditions = conditions(query, tokens);
    }

    private static List<Condition> conditions(Query query, List<String> tokens) {
        List<Condition> all = new ArrayList<>();
        if (!query.principals().isEmpty()) {
            all.add(new Condition.AnyOf(
                    query.principals().stream().map(Terms::principal).toList()));
        }
        all.addAll(tokens.stream().map(token -> is(Terms.word(token))).toList());
        query.flag().map(Terms::flag).map(Matches::is).ifPresent(all::add);
        query.outcome().map(Terms::outcome).map(Matches::is).ifPresent(all::add);
        query.decision().map(Terms::decision).map(Matches::is).ifPresent(all::add);
        query.action().map(Terms::tool).map(Matches::is).ifPresent(all::add);
        query.resource().map(Matches::resource).ifPresent(all::add);
        return all;
    }

    private static Condition is(String term) {
        return new Condition.AnyOf(List.of(term));
    }

    private static Condition resource(String resource) {
        if (!resource.endsWith("*")) {
            return is(Terms.resource(resource));
        }
        String prefix = resource.substring(0, resource.length() - 1);
        return Terms.isFolder(prefix)
                ? is(Terms.folder(prefix))
                : new Condition.Between(Terms.resource(prefix), Terms.resource(prefix) + LAST);
    }

    /** Whether every act does. */
    boolean isOfAll() {
        return conditions.isEmpty();
    }

    /** Acts from {@code from} on and before {@code below}, at most {@code limit}. */
    Found find(long from, long below, int limit) throws SQLException {
        List<Long> found = new ArrayList<>();
        long end = below;
        while (end > from && found.size() < limit && rows < ROWS_MAX) {
            long part = (end - 1) / ActSet.PART;
            long start = part * ActSet.PART;
            Optional<ActSet> all = meeting(part);
            int place = all.isPresent() ? all.get().before((int) (end - start)) : -1;
            while (place >= 0 && start + place >= from && found.size() < limit) {
                found.add(start + place);
                place = all.orElseThrow().before(place);
            }
            end = start;
        }
        return new Found(List.copyOf(found), end > from ? end : 0);
    }

    private Optional<ActSet> meeting(long part) throws SQLException {
        Optional<ActSet> all = Optional.empty();
        for (Condition condition : List.copyOf(conditions)) {
            ActSet some = ActSet.ofPart();
            rows += 1 + add(condition, part, some);
            if (some.isEmpty()) {
                conditions.remove(condition);
                conditions.addFirst(condition);
                return Optional.empty();
            }
            if (all.isPresent()) {
                some.keepOnly(all.get());
            }
            if (some.isEmpty()) {
                return Optional.empty();
            }
            all = Optional.of(some);
        }
        return all;
    }

    private int add(Condition condition, long part, ActSet into) throws SQLException {
        return switch (condition) {
            case Condition.AnyOf any -> {
                int read = 0;
                for (String term : any.terms()) {
                    read += index.addActs(part, term, into) + 1;
                }
                yield read;
            }
            case Condition.Between range -> index.addActs(part, range.from(), range.to(), into);
        };
    }
}
