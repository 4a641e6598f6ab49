package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An agent of a governed node whose key was in a file and goes to a signer, is followed there, and is lost; and people with P-256 keys. */
final class SignerRotationTest {
    private static final Terminal.Line ANN = new Terminal.Line("of ann", Site.PASSPHRASE);
    private static final Terminal.Line BOB = new Terminal.Line("of bob", Site.PASSPHRASE);
    private static final Terminal.Line NEW = new Terminal.Line("assphrase", Site.PASSPHRASE);
    private static final Terminal.Line AGAIN = new Terminal.Line("again", Site.PASSPHRASE);

    /** The custody of an agent's key changes, and the agent stays who it is; administrators sign by P-256 where that is what they have. */
    @Test
    void anAgentChangesWhoItIsWithItsCustody() throws Exception {
        try (Site site = Site.governed()) {
            Files.writeString(site.files().resolve("a.txt"), "a");
            RunSigner signer = new RunSigner(site, "right-horse-of-4711", Map.of());
            signer.said("signer", "init", "--custody", "software");
            String principal = Values.text(site.json("agent", "show", Site.AGENT), "principal");
            String next = signer.make(
                    "one",
                    "--suite",
                    "p256-2026",
                    "--after-key",
                    Values.text(site.json("agent", "show", Site.AGENT), "key"),
                    "--principal",
                    principal);
            signer.make("stranger");
            ManagedProcess serving = signer.serve();
            notTo("stranger", "key-of-another", site);
            notTo("nobody", "custody-denied", site);
            heldInAFile(site, signer);
            site.json("key", "rotate", Site.AGENT, "--reason", "to a signer", "--to", "one");
            assertEquals(next, signer.key(Site.AGENT));
            assertFalse(Files.readString(signer.file(Site.AGENT)).contains("seed"));
            call(site);
            // The overlap runs still: the ledger refuses the step, and the same key can be brought later.
            signer.make("two", "--after", "one", "--overlap", "1");
            String again = site.jurat("signer", "make", "three", "--user", RunSigner.ME, "--after", "one", "--json")
                    .out();
            assertTrue(again.contains("signer-next-exists"), again);
            serving.close();
            serving = signer.serve();
            for (int i = 0; i < 2; i++) {
                Site.Said early =
                        site.jurat("key", "rotate", Site.AGENT, "--reason", "due", "--overlap", "1", "--json");
                assertEquals("overlap-invalid", Values.text(early.json(), "error.code"), early.out());
                assertEquals(next, signer.key(Site.AGENT));
            }
            peopleOfP256(site);
            site.atTerminal(
                    List.of(ANN, BOB),
                    "key",
                    "recover",
                    Site.AGENT,
                    "--as",
                    "ann",
                    "--with",
                    "bob",
                    "--reason",
                    "lost");
            assertEquals(
                    3, Values.list(site.json("key", "list", Site.AGENT), "keys").size());
            assertTrue(Files.readString(signer.file(Site.AGENT)).contains("\"name\":\"two\""));
            call(site);
            assertEquals(principal, Values.text(site.json("agent", "show", Site.AGENT), "principal"));
            Site.Said audited = site.jurat("log", "audit", site.data().toString(), "--json");
            assertEquals(0, audited.exit(), audited.out() + audited.err());
        }
    }

    private static void notTo(String key, String code, Site site) throws Exception {
        Site.Said said = site.jurat("key", "rotate", Site.AGENT, "--reason", "x", "--to", key, "--json");
        assertEquals(code, Values.text(said.json(), "error.code"), said.out() + said.err());
    }

    /** A key that an earlier try left in a file is not replaced: the ledger may have it yet. */
    private static void heldInAFile(Site site, RunSigner signer) throws Exception {
        Path file = signer.file(Site.AGENT);
        Path left = file.resolveSibling(file.getFileName() + ".next");
        Files.copy(file, left, StandardCopyOption.COPY_ATTRIBUTES);
        String text = Files.readString(left);
        int at = text.indexOf("\"seed\":\"") + 8;
        Files.writeString(left, text.substring(0, at) + "AAAA" + text.substring(at + 4));
        byte[] before = Files.readAllBytes(left);
        notTo("one", "key-held", site);
        assertArrayEquals(before, Files.readAllBytes(left));
        Files.delete(left);
    }

    private static void peopleOfP256(Site site) throws Exception {
        enrol(site, "bob", "--suite", "p256-2026");
        Site.Said unknown = site.jurat("operator", "enroll", "--name", "eve", "--suite", "hybrid-2026", "--json");
        assertEquals("suite-choice", Values.text(unknown.json(), "error.code"), unknown.out());
        site.atTerminal(
                List.of(ANN, NEW, AGAIN),
                "key",
                "rotate",
                "ann",
                "--person",
                "--suite",
                "p256-2026",
                "--reason",
                "due");
        for (String person : List.of("ann", "bob")) {
            assertEquals(
                    44,
                    Values.text(site.json("operator", "show", person), "key").length());
            String file = Files.readString(site.home().resolve("operators").resolve(person + ".json"));
            assertTrue(file.contains(Values.text(site.json("operator", "show", person), "key")), file);
        }
    }

    private static void enrol(Site site, String name, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("operator", "enroll", "--name", name, "--by", "ann", "--light"));
        words.addAll(List.of(more));
        site.atTerminal(List.of(ANN, NEW, AGAIN), words.toArray(String[]::new));
    }

    private static void call(Site site) throws Exception {
        List<String> options = List.of("--hold", "0", "--root", site.files().toString());
        try (StdioClient client = Servers.ready(site.wrap(Site.AGENT, options, Servers.filesystem(site.files())))) {
            StdioClient.Answer answer =
                    client.call("read_text_file", "{\"path\":\"" + site.files().resolve("a.txt") + "\"}", Servers.SOON);
            assertFalse(answer.failed(), answer.line());
            client.leave(Servers.SOON);
        }
    }
}
