package dev.jurat.gateway.mcp;

import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tools that the server lists, each by the digest of the exact bytes of its definition: {@code docs/spec/mcp.md} §5. Thread-safe.
 *
 * <p>Security property: what a listing says counts page by page, but only a whole listing, from its first page on and in the order of its
 * cursors, takes a name away. The mistake that looks right but is not: a first page that stands for the list, under which a tool of the
 * next page has no name that a policy could know.
 */
final class ToolList {
    static final int TOOLS_MAX = 2048;
    private static final int KNOWN_MAX = 2 * TOOLS_MAX;
    private static final int NAMES_MAX = 8 * TOOLS_MAX;
    private static final String TYPE = "https://jurat.dev/tool-list/v1";

    private final TreeMap<String, Entry> tools = new TreeMap<>();
    private final Set<String> named = new HashSet<>();
    private Listing clients = new Listing(0, 0);
    private boolean whole;
    private boolean tooLong;
    private int changes;
    private long seen;

    /** What stands under one name: one definition, or the first two of several, of which none counts. */
    private record Entry(List<byte[]> definitions, long at) {
        boolean isOne() {
            return definitions.size() == 1;
        }

        boolean has(byte[] definition) {
            return definitions.stream().anyMatch(d -> Arrays.equals(d, definition));
        }

        Entry with(byte[] other, long now) {
            return new Entry(isOne() ? List.of(definitions.getFirst(), other) : definitions, now);
        }
    }

    /** One reading of the list from its first page on. Guarded by the list's lock. */
    static final class Listing {
        private final int changes;
        private final long begun;
        private final Map<String, Entry> tools = new HashMap<>();
        private boolean hasPage;
        private boolean tooLong;
        private Optional<Wire> next = Optional.empty();

        private Listing(int changes, long begun) {
            this.changes = changes;
            this.begun = begun;
        }

        private boolean continuesWith(Optional<Wire> cursor) {
            return cursor.isEmpty()
                    ? !hasPage
                    : next.isPresent()
                            && cursor.get().isString()
                            && cursor.get().text().equals(next.get().text());
        }
    }

    /** Begins to read the list; what is changed from now on makes what was read worthless. */
    synchronized Listing begin() {
        return new Listing(changes, seen);
    }

    /** Takes one page that the client asked for; see {@link #take(Listing, Optional, Wire)}. */
    synchronized Optional<byte[]> take(Optional<Wire> cursor, Wire result) {
        if (cursor.isEmpty()) {
            clients = begin();
        }
        return take(clients, cursor, result);
    }

    /**
     * Takes one page: of a listing, in its order, or of none, which teaches nothing but that a definition differs.
     *
     * @param cursor what the page was asked for with; empty for the first
     * @return the artefact of all tools known now, if the page said anything of them
     */
    synchronized Optional<byte[]> take(Listing listing, Optional<Wire> cursor, Wire result) {
        Optional<Wire> page = result.member("tools").filter(Wire::isArray);
        boolean inOrder = page.isPresent() && listing.changes == changes && listing.continuesWith(cursor);
        boolean said = inOrder | page.map(p -> tools(listing, inOrder, p)).orElse(false);
        if (inOrder) {
            Optional<Wire> next = result.member("nextCursor").filter(n -> !n.isNull());
            listing.hasPage = true;
            listing.next = next.filter(Wire::isString);
            if (next.isEmpty()) {
                end(listing);
            }
        }
        return said ? Optional.of(artefact()) : Optional.empty();
    }

    /** Takes the tools of a page; says whether one that is not in order puts another in doubt. */
    private boolean tools(Listing listing, boolean inOrder, Wire page) {
        boolean[] doubted = {false};
        page.eachItem(tool -> tool.text("name").ifPresent(name -> {
            remember(name);
            if (inOrder) {
                add(listing, name, tool.exact());
            } else {
                doubted[0] |= doubt(name, tool.exact());
            }
        }));
        return doubted[0];
    }

    private void remember(String name) {
        if (named.size() < NAMES_MAX) {
            named.add(name);
        }
    }

    private void add(Listing listing, String name, byte[] definition) {
        Entry before = listing.tools.get(name);
        if (before == null && listing.tools.size() >= TOOLS_MAX) {
            listing.tooLong = true;
            doubt(name, definition);
            return;
        }
        seen++;
        Entry now = before == null ? new Entry(List.of(definition), seen) : before.with(definition, seen);
        listing.tools.put(name, now);
        Entry known = tools.get(name);
        // Of several definitions none counts until a whole listing has one alone.
        boolean stays = known == null ? tools.size() >= KNOWN_MAX : !known.isOne() && now.isOne();
        if (!stays) {
            tools.put(name, now);
        }
    }

    /** A definition outside of a listing: where it is another one than is known, neither counts until the list is read again. */
    private boolean doubt(String name, byte[] definition) {
        Entry known = tools.get(name);
        if (known != null && known.has(definition)) {
            return false;
        }
        whole = false;
        tooLong = false;
        if (known != null) {
            seen++;
            tools.put(name, known.with(definition, seen));
        }
        return known != null;
    }

    /** What the listing does not have is gone, and what it has counts, unless something else was seen since it began. */
    private void end(Listing listing) {
        tools.entrySet().removeIf(e -> e.getValue().at <= listing.begun && !listing.tools.containsKey(e.getKey()));
        listing.tools.forEach((name, entry) ->
                tools.merge(name, entry, (known, listed) -> known.at <= listing.begun ? listed : known));
        whole = !listing.tooLong;
        tooLong = listing.tooLong;
    }

    /** What is to be asked with for the listing's next page; empty where there is none. */
    synchronized Optional<Wire> next(Listing listing) {
        return listing.next;
    }

    /** The listing has more pages than are read; it is not read again before the list changes. */
    synchronized void giveUp(Listing listing) {
        tooLong |= listing.changes == changes && !whole;
    }

    /** The list may have changed: definitions are unknown until it is read again. */
    synchronized void stale() {
        tools.clear();
        whole = false;
        tooLong = false;
        changes++;
    }

    /** How often the list may have changed. */
    synchronized int changes() {
        return changes;
    }

    /** Whether the list was read since it changed, as far as it is read at all. */
    synchronized boolean isListed() {
        return whole || tooLong;
    }

    /** The digest of a tool's one definition; empty if none is known, or more than one. */
    synchronized Optional<Hash> definition(String name) {
        return Optional.ofNullable(tools.get(name)).filter(Entry::isOne).map(e -> Hash.of(e.definitions.getFirst()));
    }

    /** Whether the name may be a tool's: it was listed at some time, or nobody can say that it was not. */
    synchronized boolean mayBeTool(String name) {
        return !whole || named.size() >= NAMES_MAX || named.contains(name);
    }

    /** The names that statements and bodies may carry as they are. */
    synchronized List<String> names() {
        return tools.keySet().stream().filter(Tool::isIdentifier).toList();
    }

    private byte[] artefact() {
        List<Json> items = new ArrayList<>();
        for (Map.Entry<String, Entry> tool : tools.entrySet()) {
            for (byte[] definition : tool.getValue().definitions) {
                items.add(JsonBuilder.object()
                        .put("definition", Hash.of(definition).hex())
                        .put("name", tool.getKey())
                        .put("text", new String(definition, StandardCharsets.UTF_8))
                        .build());
            }
        }
        return CanonicalJson.write(JsonBuilder.object()
                .put("tools", new Json.Arr(items))
                .put("type", TYPE)
                .build());
    }
}
