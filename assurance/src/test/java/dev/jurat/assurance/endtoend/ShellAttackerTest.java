package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An agent that has a shell under the user who runs node and wrapper. What it can do all the same must be said where people look. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ShellAttackerTest {
    private Site site;
    private Path counter;
    private StdioClient client;

    @BeforeAll
    void start() throws IOException {
        site = Site.governed();
        site.enrolAgent("shelled");
        counter = site.folder().resolve("counter");
        Path credential = site.home().resolve("credentials/secret");
        Files.createDirectories(credential.getParent());
        Files.writeString(credential, "hunter2");
        Files.setPosixFilePermissions(credential, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        client = Servers.ready(site.wrap(
                "shelled", List.of("--hold", "0", "--env", "API_KEY=secret"), CountingServer.command(counter)));
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private String waiting(String word) throws IOException {
        return Texts.decision(client.call("count", "{\"word\":\"" + word + "\"}", Servers.SOON));
    }

    @Test
    void anApprovalNeedsNoTerminal() throws IOException {
        String decision = waiting("piped");

        Site.Said piped = site.jurat("approve", decision);

        assertEquals(4, piped.exit(), piped.out() + piped.err());
        assertTrue(piped.err().contains("terminal-needed"), piped.err());
        assertTrue(client.call("count", "{\"word\":\"piped\"}", Servers.SOON).failed());
    }

    @Test
    void anApprovalNeedsNoPassphrase() throws IOException {
        String decision = waiting("guessed");

        Terminal.Result guessed = Terminal.run(
                Programs.jurat("approve", decision),
                site.folder(),
                site.environment(),
                List.of(new Terminal.Line("assphrase", "a guess that is wrong")),
                Servers.SOON);

        assertEquals(4, guessed.exit(), guessed.screen());
        assertTrue(client.call("count", "{\"word\":\"guessed\"}", Servers.SOON).failed());
    }

    @Test
    void anOperatorsKeyLiesOpen() throws IOException {
        try (Stream<Path> files = Files.walk(site.home())) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().contains("operators"))
                    .toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(text.contains("seed"), file + " holds a seed");
                assertEquals(
                        "rw-------",
                        java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void theAgentsKeyApproves() throws IOException, NodeException, FormatException {
        String decision = waiting("self-approved");
        Party stolen = Party.open(site, site.home().resolve("agents/shelled.json"));
        Json.Obj record = stolen.client().record(RecordId.parse(decision));
        String terms = new String(
                        java.util.Base64.getDecoder().decode(Values.text(record, "payload")), StandardCharsets.UTF_8)
                .replaceAll(".*\"terms\":\"([0-9a-f]{64})\".*", "$1");

        Receipt.Result result = stolen.say(
                new AuthorityFacts.Approval(AuthorityFacts.Verdict.APPROVE, dev.jurat.proof.crypto.Hash.fromHex(terms)),
                References.of("decision", RecordId.parse(decision)),
                new dev.jurat.proof.body.PersonDetails("me").toJson());

        assertEquals(Receipt.Status.REFUSED, result.status());
        assertTrue(List.of("signer-type", "role-forbidden").contains(result.rule()), result.rule());
    }

    @Test
    void aPersonIsEnrolledWithoutATerminal() throws IOException {
        Site.Said said = site.jurat("operator", "enroll", "--name", "mallory");

        assertEquals(4, said.exit(), said.out() + said.err());
        assertFalse(site.json("agent", "list").toString().contains("mallory"));
    }

    /** Same user, so the wrapper's key can be read: that is possible, and said. */
    @Test
    void theWrappersKeyCanBeUsedAndNobodySaysSo() throws IOException, NodeException, FormatException {
        Party stolen = Party.open(site, site.home().resolve("points/mcp.json"));

        assertTrue(stolen.session().next() > 0, "the key could not be used after all");
        assertSaid();
    }

    /** Same user, so the server can be started beside the wrapper: that is possible, and said. */
    @Test
    void theServerCanBeStartedBesideTheWrapperAndNobodySaysSo() throws IOException {
        Path beside = site.folder().resolve("beside");
        try (StdioClient direct = StdioClient.start(CountingServer.command(beside), site.folder(), Map.of())) {
            direct.initialize(Servers.SOON);
            assertFalse(
                    direct.call("count", "{\"word\":\"unseen\"}", Servers.SOON).failed());
        }
        assertEquals(List.of("count unseen"), CountingServer.ran(beside));
        assertSaid();
    }

    @Test
    void theServersCredentialIsInReachOfTheClientAndNobodySaysSo() throws IOException {
        assertFalse(client.process().output().contains("hunter2"));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(site.home().resolve("credentials/secret"))));
        assertSaid();
    }

    /** Status, session record and bundle each say what the same user could have done. */
    private void assertSaid() throws IOException {
        Site.Said status = site.jurat("status");
        assertTrue(status.out().contains("same user") || status.out().contains("same-user"), status.out());
        Path bundle = site.folder().resolve("said.jurat");
        site.json("bundle", "export", "--all", "--out", bundle.toString());
        Site.Said report = site.jurat("verify", "--trust", site.trust().toString(), bundle.toString());
        assertTrue(report.out().contains("same-user") || report.out().contains("same user"), report.out());
    }
}
