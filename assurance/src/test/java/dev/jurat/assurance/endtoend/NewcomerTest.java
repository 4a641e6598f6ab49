package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

            site.claim("ann");
            site.publish("starter@v1");
            site.unlocked("agent", "confirm", "mine");
            site.unlocked("agent", "confirm", "point");

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
