package dev.jurat.app.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Finds the route for a method and a path. A pattern such as {@code /v1/records/{id}} matches segment by segment; a last segment {@code {rest...}}
 * takes all that is left. Immutable once built; the first match wins.
 */
public final class Router {
    private record Entry(String method, List<String> pattern, Route route, long bodyBytesMax) {}

    /** A route, the values of its variables, and how large a body it takes. */
    record Match(Route route, Map<String, String> variables, long bodyBytesMax) {}

    private final List<Entry> entries;
    private final boolean exact;
    private final String nothing;

    private Router(Builder from) {
        this.entries = List.copyOf(from.entries);
        this.exact = from.exact;
        this.nothing = from.nothing;
    }

    /** Collects routes. */
    public static final class Builder {
        private final List<Entry> entries = new ArrayList<>();
        private boolean exact;
        private String nothing = "GET /v1/openapi.yaml lists the paths";
        private BiFunction<String, Route, Route> guard = (name, route) -> route;

        /** Takes paths as they were sent, so that each has one spelling: no escapes, parameters or dot segments are resolved. */
        public Builder exact() {
            exact = true;
            return this;
        }

        /** What comes next where there is nothing at a path. */
        public Builder nothing(String next) {
            nothing = next;
            return this;
        }

        /** Puts something before each route added from now on, by its name: method, space, pattern. */
        public Builder guard(BiFunction<String, Route, Route> before) {
            guard = before;
            return this;
        }

        public Builder get(String pattern, Route route) {
            entries.add(new Entry("GET", segments(pattern), guard.apply("GET " + pattern, route), 0));
            return this;
        }

        /** A route that takes a body of at most {@code bodyBytesMax} bytes. */
        public Builder post(String pattern, long bodyBytesMax, Route route) {
            entries.add(new Entry("POST", segments(pattern), guard.apply("POST " + pattern, route), bodyBytesMax));
            return this;
        }

        public Router build() {
            return new Router(this);
        }
    }

    /** Each route as method, space, pattern; in the order in which they are tried. */
    public List<String> routes() {
        return entries.stream()
                .map(e -> e.method() + " /" + String.join("/", e.pattern()))
                .toList();
    }

    /** Whether paths are matched as they were sent. */
    boolean exact() {
        return exact;
    }

    /**
     * Finds the route; 404 {@code no-such-path} or 405 {@code no-such-method} if there is none. A HEAD is a GET whose body stays here (RFC 9110
     * §9.3.2).
     */
    Match match(String asking, String path) throws ApiException {
        String method = asking.equals("HEAD") ? "GET" : asking;
        List<String> asked = segments(path);
        TreeSet<String> methods = new TreeSet<>();
        for (Entry entry : entries) {
            Optional<Map<String, String>> variables = variables(entry.pattern(), asked);
            if (variables.isPresent()) {
                methods.addAll(entry.method().equals("GET") ? List.of("GET", "HEAD") : List.of(entry.method()));
                if (entry.method().equals(method)) {
                    return new Match(
                            entry.route(), exact ? variables.get() : decoded(variables.get()), entry.bodyBytesMax());
                }
            }
        }
        if (methods.isEmpty()) {
            throw new ApiException(404, "no-such-path", "there is nothing at this path", Owner.YOU, nothing);
        }
        throw new ApiException(
                405,
                "no-such-method",
                "this path answers " + methods,
                Owner.YOU,
                "use one of these methods",
                Map.of("Allow", String.join(", ", methods)));
    }

    /** The variables' values, still escaped; empty if the pattern does not match. */
    private static Optional<Map<String, String>> variables(List<String> pattern, List<String> asked) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String wanted = pattern.get(i);
            if (wanted.endsWith("...}")) {
                values.put(
                        wanted.substring(1, wanted.length() - 4),
                        String.join("/", asked.subList(Math.min(i, asked.size()), asked.size())));
                return Optional.of(values);
            }
            if (i >= asked.size()) {
                return Optional.empty();
            }
            if (wanted.startsWith("{")) {
                values.put(wanted.substring(1, wanted.length() - 1), asked.get(i));
            } else if (!wanted.equals(asked.get(i))) {
                return Optional.empty();
            }
        }
        return asked.size() == pattern.size() ? Optional.of(values) : Optional.empty();
    }

    private static Map<String, String> decoded(Map<String, String> raw) throws ApiException {
        Map<String, String> out = new HashMap<>();
        for (Map.Entry<String, String> entry : raw.entrySet()) {
            out.put(entry.getKey(), Form.decode(entry.getValue().replace("+", "%2B")));
        }
        return out;
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }
}
