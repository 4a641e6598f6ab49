package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CompromiseDetails.Touched;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a node has of a key, page by page, put together. */
final class TouchedPages {
    /** A body has room for so many of each, whatever they are. */
    private static final int LISTED_MAX = 1_000;

    private final long from;
    private final Set<Stream> sessions = new LinkedHashSet<>();
    private final Set<RecordId> contracts = new LinkedHashSet<>();
    private final Set<RecordId> identities = new LinkedHashSet<>();
    private final Set<RecordId> live = new LinkedHashSet<>();
    private final Map<RecordId, String> administered = new LinkedHashMap<>();
    private final Set<String> resources = new TreeSet<>();
    private final TreeMap<String, Long> kinds = new TreeMap<>();
    private long uses;
    private long size;
    private long more;

    private TouchedPages(long from) {
        this.from = from;
    }

    static TouchedPages of(JuratClient node, String principal, String key, long from)
            throws NodeException, FormatException {
        TouchedPages all = new TouchedPages(from);
        for (long next = from; next >= 0; ) {
            Json.Obj page = node.get("/v1/keys/touched?principal=" + encoded(principal) + "&key=" + encoded(key)
                    + "&from=" + next + "&since=" + from);
            all.add(page);
            next = page.members().get("next") instanceof Json.Int more ? more.value() : -1;
        }
        return all;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void add(Json.Obj page) throws FormatException {
        for (Json session : View.list(page, "sessions")) {
            sessions.add(Stream.parse(View.text(session, "")));
        }
        ids(page, "contracts", contracts);
        ids(page, "identities", identities);
        ids(page, "live", live);
        for (Json one : View.list(page, "administered")) {
            String says = View.text(one, "kind") + " " + View.text(one, "does") + ", leaf " + View.text(one, "leaf");
            administered.put(RecordId.parse(View.text(one, "id")), says);
        }
        View.list(page, "resources").forEach(resource -> resources.add(View.text(resource, "")));
        if (View.at(page, "kinds") instanceof Json.Obj counts) {
            counts.members().forEach((kind, count) -> kinds.merge(kind, number(count), Long::sum));
        }
        uses += number(View.at(page, "uses"));
        more += number(View.at(page, "more"));
        size = number(View.at(page, "size"));
    }

    private static void ids(Json.Obj page, String name, Set<RecordId> into) throws FormatException {
        for (Json id : View.list(page, name)) {
            into.add(RecordId.parse(View.text(id, "")));
        }
    }

    private static long number(Json value) {
        return value instanceof Json.Int number ? number.value() : 0;
    }

    /** As the body of a report has it: the first so many of each. */
    Touched touched() {
        long all = 0L + sessions.size() + contracts.size() + identities.size() + resources.size() + administered.size();
        long listed = 0L
                + first(sessions).size()
                + first(contracts).size()
                + first(identities).size()
                + first(resources).size()
                + first(administered.keySet()).size();
        return new Touched(
                size,
                from,
                first(sessions),
                first(contracts),
                first(identities),
                uses,
                first(resources),
                kinds,
                more + all - listed,
                first(administered.keySet()));
    }

    private static <T> List<T> first(Set<T> all) {
        return all.stream().limit(LISTED_MAX).toList();
    }

    /** The contracts that were still in force. */
    List<RecordId> live() {
        return List.copyOf(live);
    }

    long size() {
        return size;
    }

    boolean isNothing() {
        return kinds.isEmpty() && contracts.isEmpty() && administered.isEmpty();
    }

    void show(Screen screen) {
        screen.line("Leaves " + from + " to " + (size - 1) + ":");
        screen.line("  records    " + (kinds.isEmpty() ? "none" : counts()));
        screen.line("  streams    " + sessions.size());
        screen.line("  contracts  " + contracts.size() + ", in force " + live.size());
        screen.line("  administered " + administered.size());
        administered.values().stream().limit(LISTED_MAX).forEach(one -> screen.line("    " + Screen.clean(one)));
        screen.line("  identities " + identities.size() + ", uses " + uses);
        screen.line("  resources  " + (resources.isEmpty() ? "none that a body tells" : resources.size() + ""));
        resources.stream().limit(LISTED_MAX).forEach(resource -> screen.line("    " + Screen.clean(resource)));
    }

    private String counts() {
        List<String> words = new ArrayList<>();
        kinds.forEach((kind, count) -> words.add(kind + " " + count));
        return String.join(", ", words);
    }
}
