package dev.jurat.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    private static final Excerpt SHORT = new Excerpt(false);

    private static Excerpt.Values values(Excerpt excerpt, String json) throws FormatException {
        return excerpt.values(ForeignJson.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> shown(Excerpt excerpt, List<String> lines, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Screen screen =
                new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), false, false, Next.of(List.of()));
        excerpt.lines(screen, "arguments", lines, count);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aLongValueHidesItsNeighbour() throws FormatException {
        assertEquals(
                List.of("a: \"" + "x".repeat(300) + "\"… and 1,700 more characters: --all", "b: \"rm\""),
                values(SHORT, "{\"a\":\"" + "x".repeat(2_000) + "\",\"b\":\"rm\"}")
                        .lines());
    }

    @Test
    void aNameLooksLikeAnotherPlaceOrValue() throws FormatException {
        assertEquals(
                List.of(
                        "a.b: 1",
                        "\"a.b\": 2",
                        "\"path: \\\"/srv\\\"\": 3",
                        "list[0]: 1.0",
                        "list[1].none: {}",
                        "\"\": []"),
                values(
                                SHORT,
                                "{\"a\":{\"b\":1},\"a.b\":2,\"path: \\\"/srv\\\"\":3,\"list\":[1.0,{\"none\":{}}],\"\":[]}")
                        .lines());
    }

    @Test
    void whatCannotBeSeenIsNotSeen() {
        assertEquals(
                "\"a\\u001b[2J\\u202eb\\u200b\\n\\\"\\\\\\udb40\\udc41\"",
                SHORT.text("a\u001b[2J\u202eb\u200b\n\"\\\udb40\udc41"));
    }

    @Test
    void manyValuesHideHowManyTheyAre() throws FormatException {
        String json = IntStream.range(0, 1_000).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));

        Excerpt.Values some = values(SHORT, json);
        List<String> lines = shown(SHORT, some.lines(), some.count());
        assertEquals(41, lines.size());
        assertEquals("… and 960 more lines like these: --all", lines.getLast().strip());

        Excerpt all = new Excerpt(true);
        Excerpt.Values whole = values(all, json);
        assertEquals(1_000, shown(all, whole.lines(), whole.count()).size());
    }

    @Test
    void aValueOfSeveralLinesLooksLikeOneOfOurs() {
        String padded = " ".repeat(87) + "how often   once";
        List<String> lines = shown(SHORT, List.of(SHORT.text(padded)), 1);

        assertEquals(2, lines.size());
        assertTrue(lines.getLast().startsWith(" ".repeat(16) + "| "), lines.toString());
    }

    @Test
    void aSecretHidesWhatIsNot() throws FormatException {
        String redacted = "{\"key\":{\"digest\":\"" + "ab".repeat(32) + "\"},\"path\":{\"exact\":\"\\\"/srv\\\"\"}}";

        assertEquals(
                List.of("key: secret, abababababab", "path: \"/srv\""),
                SHORT.redacted(CanonicalJson.readLoose(redacted.getBytes(StandardCharsets.UTF_8)))
                        .lines());
    }
}
