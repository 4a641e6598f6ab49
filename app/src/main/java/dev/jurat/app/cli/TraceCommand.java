package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "trace", description = "All records of one action, as a tree: what rests on what.")
final class TraceCommand extends NodeCommand {
    @Parameters(paramLabel = "ID", description = "Any record of the action.")
    String id = "";

    @Override
    Exit run(Screen screen, JuratClient node) throws NodeException {
        Json.Obj trace = node.get("/v1/trace/" + Ids.check(id));
        if (screen.json()) {
            screen.value(trace);
            return Exit.DONE;
        }
        tree(View.list(trace, "records")).forEach(screen::line);
        return Exit.DONE;
    }

    /** Draws records under the newest earlier record that they name. */
    static List<String> tree(List<Json> records) {
        Map<String, Json> byId = new LinkedHashMap<>();
        records.forEach(r -> byId.put(View.text(r, "id"), r));
        Map<String, Long> places = new HashMap<>();
        records.forEach(r -> places.put(View.text(r, "id"), place(r)));
        Map<String, List<Json>> children = new HashMap<>();
        List<Json> roots = new ArrayList<>();
        for (Json record : records) {
            String parent = "";
            for (Json reference : View.list(record, "references")) {
                String named = View.text(reference, "");
                boolean newer = parent.isEmpty() || places.getOrDefault(named, -1L) > places.getOrDefault(parent, -1L);
                parent = byId.containsKey(named) && newer ? named : parent;
            }
            (parent.isEmpty() ? roots : children.computeIfAbsent(parent, p -> new ArrayList<>())).add(record);
        }
        List<String> lines = new ArrayList<>();
        Set<String> drawn = new HashSet<>();
        roots.forEach(root -> draw(root, "", "", children, drawn, lines));
        return lines;
    }

    private static void draw(
            Json record,
            String lead,
            String below,
            Map<String, List<Json>> children,
            Set<String> drawn,
            List<String> lines) {
        String id = View.text(record, "id");
        if (!drawn.add(id)) {
            return;
        }
        lines.add(Screen.clean(lead + View.text(record, "kind") + " " + View.brief(id) + "  "
                + View.text(record, "summary") + standing(record)));
        List<Json> under = children.getOrDefault(id, List.of());
        for (int i = 0; i < under.size(); i++) {
            boolean last = i == under.size() - 1;
            draw(under.get(i), below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "), children, drawn, lines);
        }
    }

    /** What a reader must know before taking the record at its word. */
    private static String standing(Json record) {
        String ground = View.text(record, "erased.ground");
        String gap = ground.isEmpty() ? "" : "  [body erased: " + ground + "]";
        String flags = View.text(record, "flags");
        if (flags.isEmpty()) {
            return gap;
        }
        boolean stray = View.at(record, "counts") instanceof Json.Bool counts && !counts.value();
        return "  [" + (stray ? "not by the enforcement point: " : "") + flags + "]" + gap;
    }

    private static long place(Json record) {
        return View.at(record, "index") instanceof Json.Int index ? index.value() : -1;
    }
}
