package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SoftTpm;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.tpm.TpmEvidence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An agent whose identity key is in a TPM, of swtpm: a signer has it sign the enrolment and each session, a node takes them, and a bundle shows them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TpmAgentTest {
    private static final String AGENT = "tess";

    private Site site;
    private SoftTpm swtpm;

    @BeforeAll
    void start() throws Exception {
        Assumptions.assumeTrue(SoftTpm.available(), "SKIPPED: there is no swtpm here");
        Servers.npm();
        site = Site.governed();
        Files.writeString(site.files().resolve("a.txt"), "alpha");
        swtpm = site.keep(SoftTpm.in(site.folder()));
        succeed(site.jurat("signer", "init", "--custody", "tpm", "--tpm", swtpm.address()));
        try (ManagedProcess made = unlocked("make", "key", "--user", System.getProperty("user.name"))) {
            assertEquals(0, made.exit(Site.READY), made.output() + made.errors());
        }
        site.keep(unlocked("serve")).awaitLine("The signer is up."::equals, Site.READY);
        succeed(site.jurat("signer", "use", "key", "--agent", AGENT));
        site.enrolAgent(AGENT);
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private static void succeed(Site.Said said) {
        assertEquals(0, said.exit(), said.out() + said.err());
    }

    /** A command of the signer that reads its passphrase from file descriptor 3. */
    private ManagedProcess unlocked(String... words) throws IOException {
        Path typed = Files.writeString(site.folder().resolve("typed"), Site.PASSPHRASE + "\n");
        List<String> arguments = new ArrayList<>(List.of("signer"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--unlock-fd", "3"));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3<" + typed, "sh"));
        command.addAll(Programs.jurat(arguments));
        return ManagedProcess.start(command, site.folder(), site.environment());
    }

    private StdioClient client() throws IOException {
        return Servers.ready(site.wrap(AGENT, List.of(), Servers.filesystem(site.files())));
    }

    @Test
    void anAgentWhoseKeyIsInATpmCannotAct() throws Exception {
        Json.Obj file = CanonicalJson.readObject(Files.readAllBytes(site.home().resolve("agents/" + AGENT + ".json")));
        assertEquals("p256-2026", Values.text(file, "suite"));
        assertFalse(new String(CanonicalJson.write(file), StandardCharsets.UTF_8).contains("seed"));
        try (StdioClient client = client()) {
            StdioClient.Answer answer =
                    client.call("read_text_file", Texts.path(site.files().resolve("a.txt")), Servers.SOON);
            assertFalse(answer.failed(), answer.line());
            assertEquals("alpha", answer.text());
        }
        Json action = Actions.newest(site, "action=read_text_file");
        assertEquals("allow", Values.text(action, "decision"));
        assertTrue(CanonicalJson.writeString(action).contains(Values.text(file, "principal")), action.toString());
        Path bundle = site.folder().resolve("all.jurat");
        succeed(site.jurat("bundle", "export", "--all", "--out", bundle.toString()));
        succeed(site.jurat("verify", bundle.toString(), "--trust", site.trust().toString()));
    }

    /** Where the key is stands on the ledger with what the TPM signed, and whoever reads a bundle checks that. */
    @Test
    void aKeysPlaceIsTakenOnTrust() throws Exception {
        Json.Obj asked = site.json("key", "custody", AGENT);
        assertTrue(Values.list(asked, "custodies").isEmpty());
        Path file = site.folder().resolve("evidence.json");
        String challenge = Values.text(asked, "challenge");
        try (ManagedProcess attest =
                unlocked("attest", "key", "--challenge", challenge, "--out", file.toString(), "--json")) {
            assertEquals(0, attest.exit(Site.READY), attest.output() + attest.errors());
        }
        String believed = TpmEvidence.parse(Files.readAllBytes(file)).attestationKeyName();
        String other = "000b" + "0".repeat(64);
        Site.Said refused = site.jurat(
                "key", "custody", AGENT, "--in", "tpm", "--evidence", file.toString(), "--attestation-key", other);
        assertEquals(1, refused.exit());
        assertTrue(refused.err().contains("tpm-attestation-key"), refused.err());
        site.unlocked(
                "key",
                "custody",
                AGENT,
                "--in",
                "tpm",
                "--evidence",
                file.toString(),
                "--attestation-key",
                believed,
                "--reason",
                "set up by us");
        try (StdioClient client = client()) {
            StdioClient.Answer answer =
                    client.call("read_text_file", Texts.path(site.files().resolve("a.txt")), Servers.SOON);
            assertFalse(answer.failed(), answer.line());
        }
        Path bundle = site.folder().resolve("certified.jurat");
        String intent = Values.text(site.json("search"), "actions.0.id");
        succeed(site.jurat("bundle", "export", "--action", intent, "--out", bundle.toString()));
        Site.Said verified =
                site.jurat("verify", bundle.toString(), "--trust", site.trust().toString());
        succeed(verified);
        assertTrue(verified.out().contains("certified by attestation key " + believed), verified.out());
    }

    @Test
    void anAgentActsWithoutItsTpm() throws Exception {
        swtpm.takeAway();
        try (StdioClient client = site.wrap(AGENT, List.of(), Servers.filesystem(site.files()))) {
            assertTrue(client.process().exit(Site.READY) != 0);
            assertTrue(
                    client.process().errors().contains("custody-missing"),
                    client.process().errors());
        } finally {
            swtpm.putBack();
        }
        client().close();
    }
}
