package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** An agent whose P-256 key is where a signer keeps it, from its enrolment by a real node to a bundle that somebody else verifies. */
final class SignerAgentTest {
    private static final String SECRET = "4711-right-horse";
    private static final List<Path> MODULES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
            Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

    private final Site site;

    SignerAgentTest() throws IOException {
        site = Site.fresh();
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @Test
    void aKeyInFilesOpensNoSession() throws Exception {
        acts(Map.of(), "--custody", "software");
    }

    @Test
    void aKeyInATokenOpensNoSession() throws Exception {
        Optional<Path> module = MODULES.stream().filter(Files::isRegularFile).findFirst();
        Assumptions.assumeTrue(module.isPresent(), "SKIPPED: there is no SoftHSM here (package softhsm2)");
        Files.createDirectory(site.folder().resolve("tokens"));
        Path conf = Files.writeString(
                site.folder().resolve("softhsm2.conf"),
                "directories.tokendir = " + site.folder().resolve("tokens") + "\nobjectstore.backend = file\n");
        Map<String, String> token = Map.of("SOFTHSM2_CONF", conf.toString());
        List<String> words = new ArrayList<>(List.of("softhsm2-util", "--init-token", "--free", "--label", "agents"));
        words.addAll(List.of("--pin", SECRET, "--so-pin", "0815-officer"));
        try (ManagedProcess made = ManagedProcess.start(words, site.folder(), token)) {
            assertEquals(0, made.exit(Servers.SOON), made.errors());
        }
        acts(token, "--custody", "pkcs11", "--module", module.get().toString(), "--token", "agents");
    }

    private void acts(Map<String, String> environment, String... custody) throws Exception {
        site.up();
        List<String> words = new ArrayList<>(List.of("signer", "init"));
        words.addAll(List.of(custody));
        said(environment, words.toArray(String[]::new));
        String me = System.getProperty("user.name");
        said(environment, "signer", "make", "reports", "--suite", "p256-2026", "--user", me, "--unlock-fd", "3");
        ManagedProcess signer = site.keep(start(environment, "signer", "serve", "--unlock-fd", "3"));
        signer.awaitLine(line -> line.equals("The signer is up."), Servers.SOON);
        said(environment, "signer", "use", "reports", "--agent", "reports");
        assertEquals(33, key().length);
        said(environment, "agent", "enroll", "reports");
        StdioClient client = Servers.ready(site.wrap(
                "reports",
                List.of("--hold", "0"),
                CountingServer.command(site.folder().resolve("counter"))));
        client.call("count", "{\"word\":\"a\"}", Servers.SOON);
        client.leave(Servers.SOON);
        String trust = site.trust().toString();
        Path bundle = site.folder().resolve("all.jurat");
        site.json("bundle", "export", "--all", "--out", bundle.toString());
        Site.Said verified = site.jurat("verify", "--trust", trust, bundle.toString());
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        assertEquals("true", Values.text(site.json("log", "audit", "--trust", trust), "clean"));
        assertTrue(
                signer.output().lines().filter(line -> line.contains("signed")).count() >= 2, signer.output());
    }

    /** The public half, as the agent's file has it. */
    private byte[] key() throws Exception {
        byte[] file = Files.readAllBytes(site.home().resolve("agents").resolve("reports.json"));
        return Base64Text.decode(
                Fields.of(CanonicalJson.readLoose(file), "file").string("key"));
    }

    private void said(Map<String, String> environment, String... words) throws IOException {
        try (ManagedProcess process = start(environment, words)) {
            assertEquals(0, process.exit(Servers.SOON), process.output() + process.errors());
        }
    }

    /** A command whose file descriptor 3 has the passphrase, or the PIN. */
    private ManagedProcess start(Map<String, String> environment, String... words) throws IOException {
        Path typed = Files.writeString(site.folder().resolve("typed"), SECRET + "\n");
        List<String> all = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3<" + typed, "sh"));
        all.addAll(Programs.jurat(words));
        Map<String, String> both = new HashMap<>(site.environment());
        both.putAll(environment);
        return ManagedProcess.start(all, site.folder(), both);
    }
}
