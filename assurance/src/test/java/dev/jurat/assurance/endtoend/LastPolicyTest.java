package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A claimed node whose last deciding policy was withdrawn. */
final class LastPolicyTest {
    private static final String PUBLISH = "jurat policy publish starter@v1";

    @Test
    void everyCallIsRefusedAndNothingNamesTheWayOut() throws Exception {
        try (Site site = Site.governed()) {
            StdioClient client = Servers.ready(site.wrap(
                    Site.AGENT,
                    List.of("--hold", "0"),
                    CountingServer.command(site.folder().resolve("counter"))));
            Path own = site.folder().resolve("own.cedar");
            Files.writeString(own, "@id(\"all\") permit (principal, action, resource);");
            site.unlocked("policy", "publish", own.toString(), "--name", "own@v1");
            site.unlocked("policy", "withdraw", "starter@v1");
            site.unlocked("policy", "withdraw", "own@v1");

            StdioClient.Answer answer = client.call("count", "{\"word\":\"none\"}", Servers.SOON);
            assertEquals("policy-missing", Texts.refusal(answer), answer.line());
            assertTrue(
                    answer.line().contains("jurat policy publish --home " + site.home() + " starter@v1"),
                    answer.line());
            assertTrue(site.jurat("status").out().contains("! policy-missing: "));
            Site.Said doctor = site.jurat("doctor");
            assertEquals(1, doctor.exit(), doctor.out());
            assertTrue(
                    doctor.out().contains("BAD   policy-missing: ")
                            && doctor.out().contains(PUBLISH),
                    doctor.out());
            String list = site.jurat("policy", "list").out();
            assertFalse(list.contains("decides\t") || list.contains("\tdefault"), list);
            assertTrue(list.contains("own@v1\t\twithdrawn") && list.contains(PUBLISH), list);

            String shown = site.jurat("policy", "show", "own@v1").out();
            assertTrue(shown.contains("permit (principal") && shown.contains("withdrawn"), shown);
            site.unlocked("policy", "publish", "own@v1");
            assertEquals("own@v1", Values.text(site.json("status"), "policy"));
            assertFalse(
                    client.call("count", "{\"word\":\"some\"}", Servers.SOON).failed());
        }
    }

    @Test
    void aDecisionThatNothingDecidesAnewKeepsTheNodeFromStarting() throws Exception {
        try (Site site = Site.governed()) {
            StdioClient client = Servers.ready(site.wrap(
                    Site.AGENT,
                    List.of("--hold", "0"),
                    CountingServer.command(site.folder().resolve("counter"))));
            String denied = Texts.decision(client.call("count", "{\"word\":\"denied\"}", Servers.SOON));
            String approved = Texts.decision(client.call("count", "{\"word\":\"approved\"}", Servers.SOON));
            site.unlocked("policy", "withdraw", "starter@v1");
            answered(site, "deny", denied, "--reason", "no");
            answered(site, "approve", approved);

            site.node().close();
            site.up();
            assertTrue(site.jurat("status").out().contains("! policy-missing: "));
            site.unlocked("policy", "publish", "starter@v1");
            assertEquals("rejected", Texts.refusal(client.call("count", "{\"word\":\"denied\"}", Servers.SOON)));
            assertFalse(client.call("count", "{\"word\":\"approved\"}", Servers.SOON)
                    .failed());
        }
    }

    /** A person's word that stands, and of which nothing comes yet. */
    private static void answered(Site site, String... command) throws Exception {
        Terminal.Result said = Terminal.run(
                Programs.jurat(command),
                site.folder(),
                site.environment(),
                List.of(new Terminal.Line("assphrase", Site.PASSPHRASE)),
                Site.READY);
        assertEquals(1, said.exit(), said.screen());
        assertTrue(said.screen().contains("(policy-missing)"), said.screen());
    }
}
