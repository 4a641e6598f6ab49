package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How one thing stands, shown by a node to somebody else, by the commands. */
final class StateProofTest {
    private static final Duration STATED = Duration.ofSeconds(90);

    @Test
    void aProofOfANodeIsNotOneToItsReader() throws Exception {
        try (Site site = Site.governed()) {
            StdioClient client = Servers.ready(site.wrap(
                    Site.AGENT,
                    List.of("--hold", "0"),
                    CountingServer.command(site.folder().resolve("counter"))));
            client.call("count", "{\"word\":\"a\"}", Servers.SOON);
            Path proof = site.folder().resolve("agent.jurat-state");
            Json.Obj made = stated(site, "principal", Site.AGENT, "--out", proof.toString());
            assertEquals("true", Values.text(made, "finding.inForce"));

            Path trust = site.trust();
            Site.Said verified = site.jurat("verify", "--trust", trust.toString(), proof.toString());
            assertEquals(0, verified.exit(), verified.out() + verified.err());
            assertTrue(verified.out().contains("In force:  yes"), verified.out());
            assertTrue(verified.out().contains("later-not-covered"), verified.out());
            assertEquals(1, site.jurat("verify", proof.toString()).exit(), "without a trust policy");

            String address = Values.text(site.json("status"), "tiles") + "/state/principal/"
                    + Values.text(made, "finding.subject.id");
            byte[] served = URI.create(address).toURL().openStream().readAllBytes();
            Files.write(proof, served);
            assertEquals(
                    0,
                    site.jurat("verify", "--trust", trust.toString(), proof.toString())
                            .exit(),
                    "as served");

            served[served.length / 2] ^= 1;
            Files.write(proof, served);
            Site.Said changed = site.jurat("verify", "--trust", trust.toString(), "--json", proof.toString());
            assertTrue(changed.exit() > 0, changed.out());
            assertTrue(changed.out().contains("\"next\":"), changed.out());
            client.leave(Servers.SOON);
        }
    }

    /** A state is stated some seconds after what it covers, and its root after that. */
    private static Json.Obj stated(Site site, String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 3];
        command[0] = "log";
        command[1] = "prove";
        System.arraycopy(words, 0, command, 2, words.length);
        command[command.length - 1] = "--json";
        long end = System.nanoTime() + STATED.toNanos();
        while (true) {
            Site.Said said = site.jurat(command);
            if (said.exit() == 0) {
                return said.json();
            }
            boolean soon = said.out().contains("\"state-none\"") || said.out().contains("\"state-not-covered\"");
            assertTrue(soon && System.nanoTime() < end, said.out() + said.err());
            Thread.sleep(1_000);
        }
    }
}
