package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table as data. */
class MessageTableTest {
    private static final List<String> GOVERNED = List.of(
            "tools/call",
            "resources/read",
            "resources/subscribe",
            "prompts/get",
            "completion/complete",
            "tasks/update",
            "subscriptions/listen");

    @Test
    void specificationHasTheSameRows() throws IOException {
        Path spec = Path.of(System.getProperty("jurat.root", ".."), "docs/spec/mcp.md");
        List<String> written = Files.readAllLines(spec).stream()
                .filter(l -> l.startsWith("| client |") || l.startsWith("| server |"))
                .toList();
        assertEquals(
                MessageTable.load().rows().stream().map(MessageTableTest::line).toList(), written);
    }

    private static String line(MessageTable.Row row) {
        Collection<String> keys = new TreeSet<>(row.keys());
        List<String> quoted = keys.stream().map(k -> "`" + k + "`").toList();
        return "| " + row.side().name().toLowerCase(java.util.Locale.ROOT) + " | "
                + (row.request() ? "request" : "notification")
                + " | `" + row.method() + "` | " + row.treatment().name().toLowerCase(java.util.Locale.ROOT) + " | "
                + row.since().text() + " | " + row.until().text() + " | " + String.join(" ", quoted) + " |";
    }

    @Test
    void noRevisionHasAMethodTwice() {
        for (Revision revision : Revision.values()) {
            List<String> seen = new ArrayList<>();
            for (MessageTable.Row row : MessageTable.load().rows()) {
                if (row.covers(revision)) {
                    seen.add(row.side() + " " + row.request() + " " + row.method());
                }
            }
            assertEquals(Set.copyOf(seen).size(), seen.size(), revision.text());
        }
    }

    @Test
    void whatActsOrReadsIsGovernedInEveryRevisionThatHasIt() {
        for (MessageTable.Row row : MessageTable.load().rows()) {
            boolean acts = GOVERNED.contains(row.method()) && row.side() == Side.CLIENT;
            assertEquals(acts, row.treatment() == Treatment.GOVERNED, row.method());
        }
        assertTrue(MessageTable.load()
                .find(Side.SERVER, true, "sampling/createMessage", Revision.R2026_07_28)
                .isEmpty());
    }
}
