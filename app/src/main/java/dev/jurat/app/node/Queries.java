package dev.jurat.app.node;

import dev.jurat.app.http.ApiException;
import dev.jurat.ledger.Query;
import dev.jurat.ledger.Words;
import dev.jurat.proof.lifecycle.Flag;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Reads the parameters of a search; one that is not known is refused. */
final class Queries {
    private static final Set<String> KNOWN = Set.of(
            "principal",
            "action",
            "resource",
            "decision",
            "outcome",
            "flag",
            "text",
            "since",
            "until",
            "cursor",
            "limit");
    private static final List<String> DECISIONS = List.of("allow", "deny", "pending", "observed");
    private static final List<String> OUTCOMES =
            List.of("success", "tool-error", "not-sent", "unknown", "rolled-back", "incomplete", "refused", "open");
    private static final List<String> FLAGS = Arrays.stream(Flag.values())
            .filter(flag -> flag != Flag.BODY_MISSING)
            .map(Flag::code)
            .toList();
    private static final int LIMIT_USUAL = 50;
    private static final int WORDS_MAX = 16;

    private Queries() {}

    /**
     * Reads them.
     *
     * @param principals whom the parameter {@code principal} means
     */
    static Query parse(Map<String, String> parameters, Set<String> principals) throws ApiException {
        requireKnown(parameters, KNOWN.toArray(String[]::new));
        return new Query.Builder()
                .action(text(parameters, "action"))
                .resource(text(parameters, "resource"))
                .decision(word(parameters, "decision", DECISIONS))
                .outcome(word(parameters, "outcome", OUTCOMES))
                .flag(word(parameters, "flag", FLAGS))
                .words(words(parameters))
                .since(number(parameters, "since"))
                .until(number(parameters, "until"))
                .before(number(parameters, "cursor"))
                .limit((int) limit(parameters, LIMIT_USUAL, Query.LIMIT_MAX))
                .principals(principals)
                .build();
    }

    private static Set<String> words(Map<String, String> parameters) throws ApiException {
        Optional<String> text = text(parameters, "text");
        Set<String> words = text.map(Words::of).orElse(Set.of());
        if (text.isPresent() && (words.isEmpty() || words.size() > WORDS_MAX)) {
            throw ApiException.malformed(
                    "parameter-value", "text is 1 to " + WORDS_MAX + " words of 2 to 64 letters and digits");
        }
        return words;
    }

    /** Refuses parameters other than these. */
    static void requireKnown(Map<String, String> parameters, String... known) throws ApiException {
        Set<String> unknown = new TreeSet<>(parameters.keySet());
        unknown.removeAll(Set.of(known));
        if (!unknown.isEmpty()) {
            throw ApiException.malformed(
                    "parameter-unknown", "not known: " + unknown + "; known are " + new TreeSet<>(Set.of(known)));
        }
    }

    private static Optional<String> word(Map<String, String> parameters, String name, List<String> words)
            throws ApiException {
        Optional<String> word = text(parameters, name);
        if (word.isPresent() && !words.contains(word.get())) {
            throw ApiException.malformed("parameter-value", name + " is one of " + String.join(", ", words));
        }
        return word;
    }

    static Optional<String> text(Map<String, String> parameters, String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    static OptionalLong number(Map<String, String> parameters, String name) throws ApiException {
        String text = parameters.get(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("0|[1-9][0-9]{0,15}")) {
            throw ApiException.malformed("parameter-value", name + " is a whole number from 0 on, in decimal digits");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    static long limit(Map<String, String> parameters, int usual, int most) throws ApiException {
        long limit = number(parameters, "limit").orElse(usual);
        if (limit < 1 || limit > most) {
            throw ApiException.malformed("parameter-value", "limit is 1 to " + most);
        }
        return limit;
    }
}
