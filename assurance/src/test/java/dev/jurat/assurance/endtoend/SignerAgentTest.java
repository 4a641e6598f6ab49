package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SoftToken;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.crypto.Base64Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * An agent whose P-256 key is where a signer keeps it, from its enrolment by a real node to a bundle that somebody else verifies, with an Ed25519 key
 * there that follows.
 */
@Order(4)
final class SignerAgentTest {
    private final Site site;

    SignerAgentTest() throws IOException {
        site = Site.fresh();
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @Test
    void aKeyInFilesOpensNoSessionOrIsNotFollowed() throws Exception {
        acts(new RunSigner(site, "right-horse-of-4711", Map.of()), "--custody", "software");
    }

    @Test
    void aKeyInATokenOpensNoSessionOrIsNotFollowed() throws Exception {
        Optional<SoftToken> token = SoftToken.in(site.folder());
        Assumptions.assumeTrue(token.isPresent(), "SKIPPED: there is no SoftHSM here (package softhsm2)");
        SoftToken there = token.get();
        acts(
                new RunSigner(site, there.pin(), there.environment()),
                "--custody",
                "pkcs11",
                "--module",
                there.module().toString(),
                "--token",
                there.label());
    }

    private void acts(RunSigner signer, String... custody) throws Exception {
        site.up();
        List<String> words = new ArrayList<>(List.of("signer", "init"));
        words.addAll(List.of(custody));
        signer.said(words.toArray(String[]::new));
        signer.make("reports", "--suite", "p256-2026");
        ManagedProcess first = signer.serve();
        signer.said("signer", "use", "reports", "--agent", "reports");
        assertEquals(33, Base64Text.decode(signer.key("reports")).length);
        signer.said("agent", "enroll", "reports");
        call();
        refused("no-next-key", "key", "rotate", "reports", "--reason", "due");
        assertTrue(
                first.output().lines().filter(line -> line.contains("signed")).count() >= 2, first.output());
        first.close();
        rotates(signer);
        String trust = site.trust().toString();
        Path bundle = site.folder().resolve("all.jurat");
        site.json("bundle", "export", "--all", "--out", bundle.toString());
        Site.Said verified = site.jurat("verify", "--trust", trust, bundle.toString());
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        assertEquals("true", Values.text(site.json("log", "audit", "--trust", trust), "clean"));
    }

    /** To a key of another suite, by the rule; cut off between the record and the file; and not a second time. */
    private void rotates(RunSigner signer) throws Exception {
        String next = signer.make("reports-2", "--suite", "ed25519-2026", "--after", "reports");
        ManagedProcess serving = signer.serve();
        refused("custody-denied", "key", "rotate", "reports", "--reason", "due", "--overlap", "48");
        Path file = signer.file("reports");
        byte[] old = Files.readAllBytes(file);
        assertEquals(next, Values.text(site.json("key", "rotate", "reports", "--reason", "due"), "key"));
        assertEquals(next, signer.key("reports"));
        Files.copy(file, file.resolveSibling("reports.json.next"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.write(file, old);
        call();
        Site.Said finished = site.jurat("key", "rotate", "reports", "--reason", "due");
        assertTrue(finished.out().contains("an earlier try"), finished.out() + finished.err());
        // As where what waited was lost, too: the signer says which key it is.
        Files.write(file, old);
        finished = site.jurat("key", "rotate", "reports", "--reason", "due");
        assertTrue(finished.out().contains("an earlier try"), finished.out() + finished.err());
        assertEquals(next, signer.key("reports"));
        call();
        refused("no-next-key", "key", "rotate", "reports", "--reason", "due");
        assertEquals(2, Values.list(site.json("key", "list", "reports"), "keys").size());
        assertTrue(serving.output().contains("signed  reports-2"), serving.output());
    }

    private void refused(String code, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--json");
        Site.Said said = site.jurat(all.toArray(String[]::new));
        assertEquals(code, Values.text(said.json(), "error.code"), said.out() + said.err());
    }

    private void call() throws Exception {
        StdioClient client = Servers.ready(site.wrap(
                "reports",
                List.of("--hold", "0"),
                CountingServer.command(site.folder().resolve("counter"))));
        client.call("count", "{\"word\":\"a\"}", Servers.SOON);
        client.leave(Servers.SOON);
    }
}
