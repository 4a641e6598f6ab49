package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.ManagedProcess;
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
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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
    private static final String SECRET = "hunter2";

    private Site site;
    private Path counter;
    private StdioClient client;

    @BeforeAll
    void start() throws IOException {
        site = Site.governed();
        counter = site.folder().resolve("counter");
        Files.createDirectories(credential().getParent());
        Files.writeString(credential(), SECRET);
        Files.setPosixFilePermissions(credential(), PosixFilePermissions.fromString("rw-------"));
        client = Servers.ready(site.wrap(
                Site.AGENT, List.of("--hold", "0", "--env", "API_KEY=secret"), CountingServer.command(counter)));
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private String waiting(String word) throws IOException {
        StdioClient.Answer answer = client.call("count", "{\"word\":\"" + word + "\"}", Servers.SOON);
        assertEquals("approval-pending", Texts.refusal(answer), answer.line());
        return Texts.decision(answer);
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
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void theAgentsKeyApproves() throws IOException, NodeException, FormatException {
        String decision = waiting("self-approved");
        Party stolen = Party.open(site, site.home().resolve("agents/agent.json"));
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
    void theWrappersKeyCanBeUsedAndNobodySaysSo() throws Exception {
        Party stolen = Party.open(site, site.home().resolve("points/mcp.json"));

        assertTrue(stolen.session().next() > 0, "the key could not be used after all");
        assertSaid("can read the node's and the wrappers' keys", "could have reached the point's key");
    }

    /** Same user, so the server can be started beside the wrapper: that is possible, and said. */
    @Test
    void theServerCanBeStartedBesideTheWrapperAndNobodySaysSo() throws Exception {
        Path beside = site.folder().resolve("beside");
        try (StdioClient direct = StdioClient.start(CountingServer.command(beside), site.folder(), Map.of())) {
            direct.initialize(Servers.SOON);
            assertFalse(
                    direct.call("count", "{\"word\":\"unseen\"}", Servers.SOON).failed());
        }
        assertEquals(List.of("count unseen"), CountingServer.ran(beside));
        assertSaid("start a server beside the wrapper", "gone around both");
    }

    /** Same user, so the credential can be read, where it is kept and where it is used: that is possible, and said. */
    @Test
    void theServersCredentialCanBeReadAndNobodySaysSo() throws Exception {
        ProcessHandle wrapper = ProcessHandle.of(client.process().pid()).orElseThrow();
        ProcessHandle server = wrapper.children().findFirst().orElseThrow();

        assertEquals(SECRET, shell("cat", credential().toString()));
        assertTrue(shell("cat", "/proc/" + server.pid() + "/environ").contains("API_KEY=" + SECRET));
        assertFalse(
                shell("cat", "/proc/" + wrapper.pid() + "/environ").contains(SECRET),
                "the wrapper's environment holds what only the server needs");
        assertFalse(String.join("", client.received()).contains(SECRET), "the client was told");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(credential())));
        assertSaid("and the servers' credentials", "the credentials of the server");
    }

    private Path credential() {
        return site.home().resolve("credentials/secret");
    }

    /** What an agent's shell prints. */
    private String shell(String... command) throws IOException {
        try (ManagedProcess process = ManagedProcess.start(List.of(command), site.folder(), Map.of())) {
            assertEquals(0, process.exit(Servers.SOON), process.errors());
            return process.output().strip();
        }
    }

    // ---- the three places where people look

    private void assertSaid(String inStatus, String inReport) throws Exception {
        Site.Said status = site.jurat("status");
        assertTrue(line(status.out(), "same-user").contains(inStatus), status.out());
        assertSessionsSay();
        assertReportSays(inReport, "--all");
        assertReportSays(inReport, "--action", waiting("said by " + inReport.hashCode()));
    }

    private static String line(String text, String word) {
        return text.lines().filter(l -> l.contains(word)).findFirst().orElse("");
    }

    /** The session records of the wrapper's agent and point: the fact in what is signed, the server's part in the point's body. */
    private void assertSessionsSay() throws Exception {
        List<SignerType> found = new ArrayList<>();
        try (LogReader log = new LogReader(site.logAddress())) {
            for (byte[] leaf : log.leaves(log.checkpoint().size().value())) {
                SignedRecord record = SignedRecord.ofLeaf(leaf);
                if (record.statement().facts() instanceof RegistryFacts.Session session) {
                    String shown = site.jurat("show", record.id().hex()).out();
                    if (shown.contains("jurat-mcp-wrap/")) {
                        found.add(record.header().signer());
                        assertEquals(RegistryFacts.Isolation.SAME_USER, session.isolation());
                        assertTrue(shown.contains("same-user"), shown);
                        boolean point = record.header().signer() == SignerType.SERVICE;
                        assertEquals(point, shown.contains("keystore"), shown);
                    }
                }
            }
        }
        assertTrue(found.containsAll(List.of(SignerType.AGENT, SignerType.SERVICE)), "sessions: " + found);
    }

    private void assertReportSays(String words, String... scope) throws IOException {
        Path bundle = Files.createTempFile(site.folder(), "said", ".jurat");
        Files.delete(bundle);
        List<String> export = new ArrayList<>(List.of("bundle", "export"));
        export.addAll(List.of(scope));
        export.addAll(List.of("--out", bundle.toString()));
        site.json(export.toArray(String[]::new));
        Site.Said report = site.jurat("verify", "--trust", site.trust().toString(), bundle.toString());
        assertTrue(line(report.out(), "isolation-same-user").contains(words), report.out());
    }
}
