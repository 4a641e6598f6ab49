package dev.jurat.gateway.mcp;

import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tools that the server listed last, each by the digest of the exact bytes of its definition. Thread-safe.
 *
 * <p>A page without a cursor begins a new list; the pages after it add to it. Where the list may have changed, only its first page makes it
 * known again: a later page says nothing about the tools that came before it.
 */
final class ToolList {
    static final int TOOLS_MAX = 2048;
    private static final String TYPE = "https://jurat.dev/tool-list/v1";

    private TreeMap<String, byte[]> tools = new TreeMap<>();
    private boolean listed;
    private int changes;

    /** Takes one page of an answer that came now; returns the artefact of all tools known now. */
    synchronized byte[] take(boolean first, Wire result) {
        return take(first, result, changes);
    }

    /** Takes one page of an answer to what was asked after so many {@link #changes}; one that came in between makes it worthless. */
    synchronized byte[] take(boolean first, Wire result, int asked) {
        if (first) {
            tools = new TreeMap<>();
        }
        for (Wire tool : result.member("tools").map(Wire::items).orElse(List.of())) {
            Optional<String> name = tool.text("name");
            if (name.isPresent() && tools.size() < TOOLS_MAX) {
                tools.put(name.get(), tool.exact());
            }
        }
        listed = (first || listed) && asked == changes;
        return artefact();
    }

    /** The list may have changed: definitions are unknown until it is read again. */
    synchronized void stale() {
        listed = false;
        changes++;
    }

    /** How often the list may have changed so far. */
    synchronized int changes() {
        return changes;
    }

    synchronized boolean isListed() {
        return listed;
    }

    /** The digest of a tool's definition, or empty if the list is stale or does not have the tool. */
    synchronized Optional<Hash> definition(String name) {
        byte[] definition = tools.get(name);
        return listed && definition != null ? Optional.of(Hash.of(definition)) : Optional.empty();
    }

    /** The names that statements and bodies may carry as they are. */
    synchronized List<String> names() {
        return tools.keySet().stream().filter(Tool::isIdentifier).toList();
    }

    private byte[] artefact() {
        List<Json> items = new ArrayList<>();
        for (Map.Entry<String, byte[]> tool : tools.entrySet()) {
            items.add(JsonBuilder.object()
                    .put("definition", Hash.of(tool.getValue()).hex())
                    .put("name", tool.getKey())
                    .put("text", new String(tool.getValue(), java.nio.charset.StandardCharsets.UTF_8))
                    .build());
        }
        return CanonicalJson.write(JsonBuilder.object()
                .put("tools", new Json.Arr(items))
                .put("type", TYPE)
                .build());
    }
}
