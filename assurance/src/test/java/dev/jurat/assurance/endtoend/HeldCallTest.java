package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls that nobody decides on in time: what their client hears while they are held, and how the hold ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HeldCallTest {
    private static final Duration HOLD = Duration.ofSeconds(2);
    /** The hold, and what a loaded machine may add to it. */
    private static final Duration HELD_MAX = Duration.ofSeconds(12);

    private static final String TOKEN = "p-7";

    private Site site;
    private Path counter;
    private StdioClient client;

    @BeforeAll
    void start() throws IOException {
        site = Site.governed();
        counter = site.folder().resolve("counter");
        client = Servers.ready(site.wrap(
                Site.AGENT, List.of("--hold", Long.toString(HOLD.toSeconds())), CountingServer.command(counter)));
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    /** The answer to a call of this word, and the lines that came up to it. */
    private record Held(StdioClient.Answer answer, Duration time, List<Json.Obj> lines) {
        List<Json.Obj> progress() {
            return lines.stream()
                    .filter(m -> Values.text(m, "method").equals("notifications/progress"))
                    .toList();
        }
    }

    private Held call(String word, String meta) throws IOException {
        int before = client.received().size();
        long from = System.nanoTime();
        StdioClient.Answer answer = client.request(
                "tools/call",
                "{\"name\":\"count\",\"arguments\":{\"word\":\"" + word + "\"}" + meta + "}",
                Servers.SOON);
        List<Json.Obj> lines = new ArrayList<>();
        for (String line : client.received().subList(before, client.received().size())) {
            lines.add(Values.parse(line));
        }
        return new Held(answer, Duration.ofNanos(answer.nanos() - from), lines);
    }

    @Test
    void aHoldEndsEarlyOrNeverOrWithoutAWayOn() throws IOException {
        Held held = call("unheard", "");

        assertEquals(
                "approval-pending", Texts.refusal(held.answer()), held.answer().line());
        assertTrue(held.time().compareTo(HOLD) >= 0, "not held: " + held.time());
        assertTrue(held.time().compareTo(HELD_MAX) < 0, "held for " + held.time());
        String decision = Texts.decision(held.answer());
        assertTrue(
                held.answer().text().contains("jurat approve --home " + site.home() + " " + decision),
                held.answer().text());
        assertTrue(site.get("/v1/pending").toString().contains(decision));
        assertTrue(CountingServer.ran(counter).isEmpty(), "it went out");
    }

    @Test
    void aHeldCallIsSilentOrSpeaksUnderAnotherToken() throws IOException {
        Held held = call("progressing", ",\"_meta\":{\"progressToken\":\"" + TOKEN + "\"}");

        String decision = Texts.decision(held.answer());
        assertFalse(held.progress().isEmpty(), "no progress: " + held.lines());
        assertEquals("", Values.text(held.lines().getLast(), "method"), "progress after the answer: " + held.lines());
        long last = -1;
        for (Json.Obj message : held.progress()) {
            assertEquals(TOKEN, Values.text(message, "params.progressToken"));
            assertTrue(
                    Values.text(message, "params.message")
                            .contains("jurat approve --home " + site.home() + " " + decision),
                    message.toString());
            long number = Long.parseLong(Values.text(message, "params.progress"));
            assertTrue(number > last, "progress does not grow: " + held.lines());
            last = number;
        }
    }

    @Test
    void progressIsSentToWhoeverDidNotAskForIt() throws IOException {
        assertEquals(List.of(), call("tokenless", "").progress());
    }
}
