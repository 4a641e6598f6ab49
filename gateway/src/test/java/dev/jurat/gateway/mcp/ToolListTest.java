package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known of a server's tools, page by page. */
class ToolListTest {
    private final ToolList list = new ToolList();

    private static String tool(String name, String text) {
        return "{\"name\":\"" + name + "\",\"description\":\"" + text + "\"}";
    }

    private static Optional<Hash> digest(String name, String text) {
        return Optional.of(Hash.of(tool(name, text).getBytes(StandardCharsets.UTF_8)));
    }

    private static Wire wire(String text) throws Exception {
        return Wire.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Wire page(String next, String... tools) throws Exception {
        return wire("{\"tools\":[" + String.join(",", tools) + "]"
                + (next.isEmpty() ? "" : ",\"nextCursor\":\"" + next + "\"") + "}");
    }

    private void first(Wire page) {
        list.take(Optional.empty(), page);
    }

    private void next(String cursor, Wire page) throws Exception {
        list.take(Optional.of(wire("\"" + cursor + "\"")), page);
    }

    @Test
    void aFirstPageStandsForTheList() throws Exception {
        first(page("2", tool("a", "x")));
        assertFalse(list.isListed());
        assertTrue(list.mayBeTool("b"), "nobody can say that there is no b");
        assertEquals(digest("a", "x"), list.definition("a"));
        next("2", page("", tool("b", "x")));
        assertTrue(list.isListed());
        assertEquals(digest("b", "x"), list.definition("b"));
        assertFalse(list.mayBeTool("c"));
        first(page("2", tool("a", "x")));
        assertTrue(list.isListed(), "what was known stays known");
        assertEquals(digest("b", "x"), list.definition("b"));
    }

    @Test
    void aNameThatIsNoLongerListedIsForgotten() throws Exception {
        first(page("", tool("a", "x"), tool("b", "x")));
        first(page("", tool("a", "x")));
        assertEquals(Optional.empty(), list.definition("b"));
        assertTrue(list.mayBeTool("b"));
        assertFalse(list.mayBeTool("c"));
    }

    @Test
    void aPageBesideAListingTeachesADefinition() throws Exception {
        first(page("", tool("a", "x")));
        next("9", page("", tool("a", "x")));
        assertTrue(list.isListed());
        next("9", page("", tool("b", "x")));
        assertFalse(list.isListed());
        assertEquals(Optional.empty(), list.definition("b"));
        next("9", page("", tool("a", "y")));
        assertEquals(Optional.empty(), list.definition("a"));
        first(page("", tool("a", "y"), tool("b", "x")));
        assertEquals(digest("a", "y"), list.definition("a"));
        assertEquals(digest("b", "x"), list.definition("b"));
    }

    @Test
    void aChangedDefinitionWaitsForTheLastPage() throws Exception {
        first(page("2", tool("a", "x")));
        next("2", page("", tool("b", "x")));
        first(page("2", tool("a", "y")));
        assertEquals(digest("a", "y"), list.definition("a"));
    }

    @Test
    void aListingThatBeganEarlierBringsAnOlderDefinitionBack() throws Exception {
        first(page("2", tool("a", "x")));
        ToolList.Listing other = list.begin();
        list.take(other, Optional.empty(), page("", tool("a", "y"), tool("b", "x")));
        next("2", page("", tool("b", "x")));
        assertEquals(digest("a", "y"), list.definition("a"));
    }

    @Test
    void theLastOfTwoToolsOfOneNameWins() throws Exception {
        first(page("", tool("a", "x"), tool("b", "x"), tool("a", "y")));
        assertEquals(Optional.empty(), list.definition("a"));
        assertEquals(digest("b", "x"), list.definition("b"));
        assertTrue(list.mayBeTool("a"));
        first(page("2", tool("a", "y")));
        assertEquals(Optional.empty(), list.definition("a"), "only a whole listing has it once");
        next("2", page("", tool("a", "y")));
        assertEquals(Optional.empty(), list.definition("a"));
        first(page("", tool("a", "y")));
        assertEquals(digest("a", "y"), list.definition("a"));
    }

    @Test
    void bothOfTwoToolsOfOneNameAreInTheArtefact() throws Exception {
        Optional<byte[]> artefact = list.take(Optional.empty(), page("", tool("a", "x"), tool("a", "y")));
        String text = new String(artefact.orElseThrow(), StandardCharsets.UTF_8);
        assertTrue(
                text.contains(digest("a", "x").orElseThrow().hex())
                        && text.contains(digest("a", "y").orElseThrow().hex()),
                text);
    }

    @Test
    void aToolBeyondTheLimitIsNoTool() throws Exception {
        List<String> tools = new ArrayList<>();
        for (int i = 0; i < ToolList.TOOLS_MAX; i++) {
            tools.add(tool("t" + i, "x"));
        }
        first(page("", tool("rug", "x")));
        tools.add(tool("rug", "x"));
        tools.add(tool("t0", "y"));
        first(page("", tools.toArray(String[]::new)));
        assertTrue(list.isListed(), "it is not read again for each call");
        assertEquals(digest("t1", "x"), list.definition("t1"));
        assertEquals(Optional.empty(), list.definition("rug"));
        assertEquals(Optional.empty(), list.definition("t0"), "listed twice");
        assertTrue(list.mayBeTool("rug"));
        assertTrue(list.mayBeTool("unheard"));
    }

    @Test
    void aPageThatWasAskedForBeforeTheListChangedIsKnown() throws Exception {
        first(page("", tool("a", "x")));
        ToolList.Listing before = list.begin();
        first(page("2", tool("a", "x")));
        list.stale();
        assertEquals(Optional.empty(), list.definition("a"));
        list.take(before, Optional.empty(), page("", tool("a", "x")));
        next("2", page("", tool("b", "x")));
        assertFalse(list.isListed());
        assertEquals(Optional.empty(), list.definition("a"));
        assertEquals(Optional.empty(), list.definition("b"));
        assertTrue(list.mayBeTool("a"));
        first(page("", tool("a", "x")));
        assertTrue(list.isListed());
        assertFalse(list.mayBeTool("c"));
    }
}
