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
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A running node whose folder lost something: whoever asks for it is told, and told what helps. */
@Order(4)
final class DamagedFolderTest {
    private static final int RECORDS_SEALED = 256;
    private static final int PAGE_BYTES = 4096;

    @Test
    void aBundleIsWrittenWithoutAPublishedPolicyAndNobodyIsTold() throws Exception {
        try (Site site = Site.governed()) {
            Hash digest = ShippedPolicies.starter().digest();
            Path file = artefact(site, digest);
            byte[] whole = Files.readAllBytes(file);
            damage(file, 0);

            told(site, "artefact-damaged", digest.hex());
            Site.Said said = verify(site, 1);
            assertTrue(said.out().contains("artefact-missing"), said.out());

            site.unlocked("policy", "publish", "starter@v1");
            assertEquals(digest, Hash.of(Files.readAllBytes(file)));
            assertEquals(whole.length, Files.size(file));
            export(site, 0, "--force");
            verify(site, 0);
        }
    }

    @Test
    void aPolicyOfOnesOwnCannotBePublishedAgain() throws Exception {
        try (Site site = Site.governed()) {
            String own = site.folder().resolve("own.cedar").toString();
            Files.writeString(Path.of(own), "@id(\"all\") permit (principal, action, resource);");
            site.unlocked("policy", "publish", own, "--name", "own@v1");
            Json published = Values.list(site.json("policy", "list"), "policies").stream()
                    .filter(p -> Values.text(p, "name").equals("own@v1"))
                    .findFirst()
                    .orElseThrow();
            Hash digest = Hash.fromHex(Values.text(published, "artefact"));
            damage(artefact(site, digest), 0);
            Site.Said said = site.jurat("policy", "show", "own@v1");
            assertEquals(1, said.exit(), said.out());
            assertTrue(said.err().contains("(artefact-damaged)"), said.err());
            assertTrue(said.err().contains("jurat policy publish FILE --name NAME"), said.err());
            site.unlocked("policy", "publish", own, "--name", "own@v1");
            assertTrue(site.jurat("policy", "show", "own@v1").out().contains("permit"));
            assertFalse(site.jurat("status").out().contains("artefact-damaged"));
        }
    }

    @Test
    void aDamagedBodyLooksLikeAnErasedOne() throws Exception {
        try (Site site = Site.governed()) {
            StdioClient client = Servers.ready(site.wrap(
                    Site.AGENT,
                    List.of("--hold", "0"),
                    CountingServer.command(site.folder().resolve("counter"))));
            Path pack = site.data().resolve("log/body/000");
            for (int i = 0; i < RECORDS_SEALED && !Files.exists(pack); i++) {
                client.call("count", "{\"word\":\"a" + i + "\"}", Servers.SOON);
            }
            ByteBuffer lengths = ByteBuffer.wrap(Files.readAllBytes(pack));
            int leaf = 0;
            while (lengths.getInt(leaf * Integer.BYTES) == 0) {
                leaf++;
            }
            String id = Values.text(site.json("log", "show", "" + leaf), "id");
            assertFalse(site.jurat("show", id).out().contains("body-damaged"));
            damage(pack, RECORDS_SEALED * Integer.BYTES);

            String shown = site.jurat("show", id).out();
            assertTrue(shown.contains("body-damaged"), shown);
            assertTrue(site.jurat("status").out().contains("! body-damaged: "));
            assertEquals(1, site.jurat("doctor").exit());
            told(site, "body-damaged", id);
            verify(site, 0);
        }
    }

    /** Behind its first page, where SQLite sees the damage when it reads there, and not when it opens the file. */
    @Test
    void aStoppedIndexIsNoFaultOrCannotBeMadeAnew() throws Exception {
        try (Site site = Site.governed()) {
            site.node().signal("TERM");
            site.node().exit(Site.READY);
            Path index = site.data().resolve("log/index/ledger.sqlite");
            byte[] bytes = Files.readAllBytes(index);
            Arrays.fill(bytes, 2 * PAGE_BYTES, bytes.length, (byte) 0x5a);
            Files.write(index, bytes);
            site.up();
            // The index reads on where there is something new.
            site.unlocked("policy", "publish", "observe@v1", "--available");

            Site.Said doctor = site.jurat("doctor");

            assertEquals(1, doctor.exit(), doctor.out());
            assertTrue(doctor.out().contains("BAD   index-stopped: "), doctor.out());
            site.node().signal("TERM");
            site.node().exit(Site.READY);
            assertEquals(0, site.jurat("log", "reindex").exit());
            site.up();
            assertEquals(0, site.jurat("doctor").exit());
            assertEquals(0, site.jurat("search").exit());
        }
    }

    /** Whoever has the folder throws away what people have in it, then the log, and claims a node anew. */
    @Test
    void whoeverHasTheFolderIsItsAdministratorAndNobodySeesIt() throws Exception {
        try (Site site = Site.governed()) {
            Path trust = site.trust();
            Path mark = site.folder().resolve("mark");
            site.json("log", "audit", "--trust", trust.toString(), "--mark", mark.toString());
            export(site, 0);
            delete(site.home().resolve("operators"));
            Terminal.Result again = Terminal.run(
                    Programs.jurat("operator", "enroll", "--name", "mallory", "--light"),
                    site.folder(),
                    site.environment(),
                    List.of(),
                    Site.READY);
            assertFalse(again.exit() == 0, again.screen());
            assertFalse(Files.exists(site.home().resolve("operators").resolve("mallory.json")));
            assertFalse(site.json("agent", "list").toString().contains("mallory"));

            site.node().signal("TERM");
            site.node().exit(Site.READY);
            delete(site.data().resolve("log"));
            Site.Said kept = site.jurat("up", "--data", site.data().toString());
            assertTrue(kept.err().contains("(log-missing)"), kept.out() + kept.err());
            delete(site.data());
            site.up();
            site.claim("mallory");
            Site.Said audit = site.jurat("log", "audit", "--trust", trust.toString());
            assertEquals(1, audit.exit(), audit.out() + audit.err());
            assertTrue(audit.out().contains("trust-genesis") && audit.out().contains("trust-log"), audit.out());
            Site.Said earlier = site.jurat("log", "audit", "--mark", mark.toString());
            assertEquals(1, earlier.exit(), earlier.out() + earlier.err());
            assertTrue(earlier.out().contains("log-rewritten"), earlier.out());
            verify(site, 0);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** An export is refused by name; one that was asked for without what is lost is written, and its exit status says that it is not whole. */
    private static void told(Site site, String code, String what) throws IOException {
        Site.Said refused = export(site, 1);
        assertTrue(refused.err().contains("(" + code + ")") && refused.err().contains(what), refused.err());
        assertTrue(refused.err().contains("--incomplete"), refused.err());
        assertFalse(Files.exists(bundle(site)));
        Site.Said written = export(site, 1, "--incomplete");
        assertTrue(written.out().contains(code) && written.out().contains(what), written.out());
    }

    private static Site.Said export(Site site, int exit, String... more) throws IOException {
        List<String> words = new java.util.ArrayList<>(
                List.of("bundle", "export", "--all", "--out", bundle(site).toString()));
        words.addAll(List.of(more));
        Site.Said said = site.jurat(words.toArray(String[]::new));
        assertEquals(exit, said.exit(), said.out() + said.err());
        return said;
    }

    private static Site.Said verify(Site site, int exit) throws IOException {
        Site.Said said = site.jurat(
                "verify", "--trust", site.trust().toString(), bundle(site).toString());
        assertEquals(exit, said.exit(), said.out() + said.err());
        return said;
    }

    private static Path artefact(Site site, Hash digest) {
        return site.data()
                .resolve("log/artefact/" + digest.hex().substring(0, 2))
                .resolve(digest.hex());
    }

    private static Path bundle(Site site) {
        return site.folder().resolve("all.jurat");
    }

    private static void damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }
}
