package dev.jurat.app.node;

import dev.jurat.app.http.ApiException;
import dev.jurat.ledger.Query;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Reads the parameters of a search; one that is not known is refused. */
final class Queries {
    private static final Set<String> KNOWN =
            Set.of("principal", "action", "resource", "decision", "outcome", "since", "until", "cursor", "limit");
    private static final List<String> DECISIONS = List.of("allow", "deny", "pending", "observed");
    private static final int LIMIT_USUAL = 50;

    private Queries() {}

    static Query parse(Map<String, String> parameters) throws ApiException {
        Set<String> unknown = new TreeSet<>(parameters.keySet());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw ApiException.malformed(
                    "parameter-unknown", "not known: " + unknown + "; known are " + new TreeSet<>(KNOWN));
        }
        Optional<String> decision = text(parameters, "decision");
        if (decision.isPresent() && !DECISIONS.contains(decision.get())) {
            throw ApiException.malformed("parameter-value", "decision is one of " + DECISIONS);
        }
        return new Query(
                text(parameters, "principal"),
                text(parameters, "action"),
                text(parameters, "resource"),
                decision,
                text(parameters, "outcome"),
                number(parameters, "since"),
                number(parameters, "until"),
                number(parameters, "cursor"),
                limit(parameters));
    }

    private static Optional<String> text(Map<String, String> parameters, String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    private static OptionalLong number(Map<String, String> parameters, String name) throws ApiException {
        String text = parameters.get(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("0|[1-9][0-9]{0,15}")) {
            throw ApiException.malformed("parameter-value", name + " is not a number");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static int limit(Map<String, String> parameters) throws ApiException {
        long limit = number(parameters, "limit").orElse(LIMIT_USUAL);
        if (limit < 1 || limit > Query.LIMIT_MAX) {
            throw ApiException.malformed("parameter-value", "limit is 1 to " + Query.LIMIT_MAX);
        }
        return (int) limit;
    }
}
