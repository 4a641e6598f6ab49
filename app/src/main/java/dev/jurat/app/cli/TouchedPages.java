package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CompromiseDetails.Touched;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
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
    /** From which leaf on an approval by the key is in doubt. */
    private final long since;

    private final Set<Stream> sessions = new LinkedHashSet<>();
    private final Set<RecordId> contracts = new LinkedHashSet<>();
    private final Set<RecordId> identities = new LinkedHashSet<>();
    private final Set<RecordId> live = new LinkedHashSet<>();
    private final Set<String> holders = new LinkedHashSet<>();
    private final Map<RecordId, String> administered = new LinkedHashMap<>();
    private final Map<RecordId, String> ends = new LinkedHashMap<>();
    private final Set<String> resources = new TreeSet<>();
    private final TreeMap<String, Long> kinds = new TreeMap<>();
    private long uses;
    private long size;
    private long more;

    private TouchedPages(long from, long since) {
        this.from = from;
        this.since = since;
    }

    static TouchedPages of(JuratClient node, String principal, String key, long from)
            throws NodeException, FormatException {
        return of(node, principal, key, from, from);
    }

    /** The same of a later stretch, whose contracts may rest on approvals from before it. */
    TouchedPages after(JuratClient node, String principal, String key) throws NodeException, FormatException {
        return of(node, principal, key, size, since);
    }

    static TouchedPages of(JuratClient node, String principal, String key, long from, long since)
            throws NodeException, FormatException {
        TouchedPages all = new TouchedPages(from, since);
        for (long next = from; next >= 0; ) {
            Json.Obj page = node.get("/v1/keys/touched?principal=" + encoded(principal) + "&key=" + encoded(key)
                    + "&from=" + next + "&since=" + since);
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
            RecordId id = RecordId.parse(View.text(one, "id"));
            administered.put(id, says);
            if (!View.text(one, "ends").isEmpty()) {
                ends.put(id, View.text(one, "ends"));
            }
        }
        View.list(page, "holders").forEach(holder -> holders.add(View.text(holder, "")));
        View.list(page, "resources").forEach(resource -> resources.add(View.text(resource, "")));
        if (View.at(page, "kinds") instanceof Json.Obj counts) {
            counts.members().forEach((kind, count) -> kinds.merge(kind, View.number(count, ""), Long::sum));
        }
        uses += View.number(page, "uses");
        more += View.number(page, "more");
        size = View.number(page, "size");
    }

    private static void ids(Json.Obj page, String name, Set<RecordId> into) throws FormatException {
        for (Json id : View.list(page, name)) {
            into.add(RecordId.parse(View.text(id, "")));
        }
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

    /** As a report has it, and beside that what is in force, who holds its identities, and by which commands what was given ends. */
    Json.Obj toJson() {
        TreeMap<String, Json> members = new TreeMap<>(touched().toJson().members());
        TreeMap<String, Json> commands = new TreeMap<>();
        ends.forEach((id, command) -> commands.put(id.hex(), Json.of(command)));
        members.putAll(JsonBuilder.object()
                .put("ends", new Json.Obj(commands))
                .strings("holders", List.copyOf(holders))
                .strings("live", live.stream().map(RecordId::hex).toList())
                .build()
                .members());
        return new Json.Obj(members);
    }

    void show(Screen screen) {
        screen.line("Leaves " + from + " to " + (size - 1) + ":");
        screen.line("  records    " + (kinds.isEmpty() ? "none" : counts()));
        screen.line("  streams    " + sessions.size());
        screen.line("  contracts  " + contracts.size() + ", in force " + live.size());
        screen.line("  administered " + administered.size());
        list(screen, administered.entrySet().stream().map(this::act).toList());
        screen.line("  identities " + identities.size() + ", uses " + uses + ", holders " + holders.size());
        list(screen, holders);
        screen.line("  resources  " + (resources.isEmpty() ? "none that a body tells" : resources.size() + ""));
        list(screen, resources);
        if (more > 0) {
            screen.line(screen.tone(
                    Screen.Tone.WARN,
                    "! " + more + " are not among them: too long to be listed, or their body is gone."));
        }
    }

    /** The contracts in force, for whoever reports nothing yet. */
    void showLive(Screen screen) {
        if (!live.isEmpty()) {
            screen.line("In force; a report revokes them, and so does jurat revoke ID --reason TEXT:");
            list(screen, live.stream().map(RecordId::hex).toList());
        }
    }

    private String act(Map.Entry<RecordId, String> one) {
        String command = ends.get(one.getKey());
        return one.getValue() + (command == null ? "" : "; to end it: " + command);
    }

    private static void list(Screen screen, Collection<String> all) {
        all.stream().limit(LISTED_MAX).forEach(one -> screen.line("    " + Screen.clean(one)));
        if (all.size() > LISTED_MAX) {
            screen.line("    and " + (all.size() - LISTED_MAX) + " more");
        }
    }

    private String counts() {
        List<String> words = new ArrayList<>();
        kinds.forEach((kind, count) -> words.add(kind + " " + count));
        return String.join(", ", words);
    }
}
