package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Somebody with a server of their own, one command and no policy; who then claims the node and lets a policy decide. */
final class NewcomerTest {
    @Test
    void aNewcomerSeesNothingOrCannotGoOnToAPolicy() throws IOException {
        try (Site site = Site.fresh()) {
            Path counter = site.folder().resolve("counter");
            try (StdioClient client =
                    Servers.ready(site.wrapAndStart("mine", List.of("--observe"), CountingServer.command(counter)))) {
                assertEquals(
                        "counted",
                        client.call("count", "{\"word\":\"first\"}", Servers.SOON)
                                .text());
                client.leave(Servers.SOON);
            }
            assertEquals(List.of("count first"), CountingServer.ran(counter));
            Json action = Values.at(site.json("search"), "actions.0");
            assertEquals("count", Values.text(action, "action"));
            assertEquals("observed", Values.text(action, "decision"));
            assertEquals("success", Values.text(action, "outcome"));
            assertEquals("false", Values.text(site.json("status"), "claimed"));

            follow(site);

            assertEquals("true", Values.text(site.json("status"), "claimed"));
            try (StdioClient client =
                    Servers.ready(site.wrap("mine", List.of("--observe"), CountingServer.command(counter)))) {
                StdioClient.Answer sly = client.call("count", "{\"word\":\"sly\"}", Servers.SOON);
                assertEquals("observe-not-allowed", Texts.refusal(sly), sly.line());
                client.leave(Servers.SOON);
            }
            try (StdioClient client =
                    Servers.ready(site.wrap("mine", List.of("--hold", "0"), CountingServer.command(counter)))) {
                StdioClient.Answer waits = client.call("count", "{\"word\":\"second\"}", Servers.SOON);
                assertEquals("approval-pending", Texts.refusal(waits), waits.line());
                site.unlocked("approve", Texts.decision(waits));
                assertEquals(
                        "counted",
                        client.call("count", "{\"word\":\"second\"}", Servers.SOON)
                                .text());
                client.leave(Servers.SOON);
            }
            assertEquals(List.of("count first", "count second"), CountingServer.ran(counter));
        }
    }

    /** From an unclaimed node to a policy that decides, by the commands that are printed and no others. */
    private static void follow(Site site) throws IOException {
        List<String> asked = printed(site.json("status").toString());
        assertTrue(asked.contains("operator enroll --name YOU"), asked.toString());
        List<String> toDo = new ArrayList<>(printed(enrol(site)));
        assertTrue(toDo.contains("agent confirm mine"), toDo.toString());
        assertTrue(toDo.contains("agent confirm point"), toDo.toString());
        assertTrue(site.json("status").toString().contains("jurat agent confirm mine"), "status is silent");
        Set<String> done = new HashSet<>();
        Map<String, List<String>> after = new HashMap<>();
        while (!toDo.isEmpty()) {
            String next = toDo.removeFirst();
            boolean once = next.startsWith("agent confirm") || next.startsWith("policy publish");
            if (once && done.add(next)) {
                List<String> printed = printed(site.unlocked(next.split(" ")).screen());
                toDo.addAll(printed);
                after.put(next, printed);
            }
        }
        List<String> confirmed = after.getOrDefault("agent confirm point", List.of());
        assertTrue(confirmed.contains("policy publish starter@v1"), "what only observes still decides: " + after);
        assertEquals(Set.of("agent confirm mine", "agent confirm point", "policy publish starter@v1"), done);
        assertFalse(site.json("status").toString().contains("jurat agent confirm"), "status goes on asking");
    }

    private static String enrol(Site site) throws IOException {
        return site.atTerminal(
                        List.of(
                                new Terminal.Line("assphrase", Site.PASSPHRASE),
                                new Terminal.Line("again", Site.PASSPHRASE)),
                        "operator",
                        "enroll",
                        "--name",
                        "ann")
                .screen();
    }

    /** The commands in a text, without {@code jurat}. */
    private static List<String> printed(String text) {
        return Pattern.compile("jurat ((?:operator|agent|policy) [a-z]+ (?:--name )?[A-Za-z0-9@-]+)")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void anUnconfirmedAgentIsNotToldWhatWouldHelp() throws IOException {
        try (Site site = Site.fresh()) {
            Path counter = site.folder().resolve("counter");
            site.up();
            try (StdioClient client =
                    Servers.ready(site.wrap("mine", List.of("--hold", "0"), CountingServer.command(counter)))) {
                site.claim("ann");
                site.publish("starter@v1");
                StdioClient.Answer refused = client.call("count", "{\"word\":\"early\"}", Servers.SOON);
                assertEquals("agent-unconfirmed", Texts.refusal(refused), refused.line());
                String id = Values.text(site.json("agent", "show", "mine"), "principal");
                assertTrue(
                        refused.text().contains("jurat agent confirm --home " + site.home() + " " + id),
                        refused.text());
                site.unlocked("agent", "confirm", id);
                StdioClient.Answer waits = client.call("count", "{\"word\":\"later\"}", Servers.SOON);
                assertEquals("approval-pending", Texts.refusal(waits), waits.line());
            }
        }
    }

    @Test
    void anObservedBundleLooksEnforced() throws IOException {
        try (Site site = Site.fresh()) {
            site.up();
            Path counter = site.folder().resolve("counter");
            try (StdioClient client =
                    Servers.ready(site.wrap("mine", List.of("--observe"), CountingServer.command(counter)))) {
                client.call("count", "{\"word\":\"seen\"}", Servers.SOON);
                client.leave(Servers.SOON);
            }
            Path bundle = site.folder().resolve("all.jurat");
            site.json("bundle", "export", "--all", "--out", bundle.toString());

            Site.Said trusted = site.jurat("verify", "--trust", site.trust().toString(), bundle.toString());
            Site.Said alone = site.jurat("verify", bundle.toString());

            assertEquals(0, trusted.exit(), trusted.out() + trusted.err());
            assertTrue(trusted.out().contains("not enforced"), trusted.out());
            assertTrue(trusted.out().contains("unclaimed"), trusted.out());
            assertEquals(1, alone.exit());
            assertTrue(alone.out().contains("unanchored"), alone.out());
            assertTrue(alone.out().contains("next: jurat verify --trust trust.json " + bundle), alone.out());
            byte[] bytes = Files.readAllBytes(bundle);
            bytes[bytes.length / 2] ^= 1;
            Files.write(bundle, bytes);
            assertNotEquals(
                    0,
                    site.jurat("verify", "--trust", site.trust().toString(), bundle.toString())
                            .exit());
        }
    }
}
