package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A node and three witnesses, each a process: one of them stands still all the time. By the commands, in one story. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(4)
final class WitnessedNodeTest {
    private final List<ManagedProcess> witnesses = new ArrayList<>();
    private Site site;
    private Path policy;
    private Path strict;
    private ManagedProcess node;

    @BeforeAll
    void start() throws Exception {
        site = Site.governed();
        Path logs = site.folder().resolve("logs");
        Files.writeString(logs, "log " + Values.text(site.json("log", "trust"), "log") + "\n");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 3; i++) {
            ManagedProcess witness = site.keep(ManagedProcess.start(
                    Programs.jurat(
                            "witness",
                            "serve",
                            "--json",
                            "--dir",
                            "w" + i,
                            "--name",
                            "witness.example/w" + i,
                            "--logs",
                            logs.toString()),
                    site.folder(),
                    site.environment()));
            Json.Obj up = Values.parse(new String(witness.line(0, Site.READY), StandardCharsets.UTF_8));
            lines.append("witness w" + i + " " + Values.text(up, "vkey") + " " + Values.text(up, "url") + "\n");
            witnesses.add(witness);
        }
        policy = Files.writeString(
                site.folder().resolve("policy"), lines + "group two-of-three 2 w1 w2 w3\nquorum two-of-three\n");
        strict = Files.writeString(
                site.folder().resolve("strict"), lines + "group all-three all w1 w2 w3\nquorum all-three\n");
        witnesses.get(2).signal("STOP");
        site.node().signal("TERM");
        site.node().exit(Site.READY);
        node = up("--witness-policy", policy.toString(), "--witness-interval", "1");
    }

    @AfterAll
    void stop() throws IOException {
        witnesses.get(2).signal("CONT");
        site.close();
    }

    private ManagedProcess up(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("up", "--data", site.data().toString()));
        words.addAll(List.of(options));
        ManagedProcess process =
                site.keep(ManagedProcess.start(Programs.jurat(words), site.folder(), site.environment()));
        Site.awaitAnswer(process, site.socket());
        return process;
    }

    private Json.Obj awaitWitnessed() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            Json.Obj status = site.get("/v1/status");
            if (Values.text(status, "witnesses.size").equals(Values.text(status, "ledger.size"))) {
                return status;
            }
            assertTrue(System.nanoTime() < end, status.toString());
            LockSupport.parkNanos(50_000_000);
        }
    }

    private void calls(int count) throws IOException {
        StdioClient client = Servers.ready(site.wrap(
                Site.AGENT,
                List.of("--hold", "0"),
                CountingServer.command(site.folder().resolve("counter"))));
        for (int i = 0; i < count; i++) {
            client.call("count", "{\"word\":\"a" + i + "\"}", Servers.SOON);
        }
        client.leave(Servers.SOON);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                String name = from.relativize(file).toString();
                if (!name.equals("node.sock")) {
                    Files.copy(file, to.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private String file(String name) {
        return site.folder().resolve(name).toString();
    }

    private static void succeeds(Site.Said said, String words) {
        assertEquals(0, said.exit(), said.out() + said.err());
        assertTrue(said.out().contains(words), said.out());
    }

    private static void refuses(Site.Said said, int exit, String words) {
        assertEquals(exit, said.exit(), said.out() + said.err());
        assertTrue((said.out() + said.err()).contains(words), said.out() + said.err());
    }

    @Test
    @Order(1)
    void aWitnessThatStandsStillIsWaitedFor() throws Exception {
        node.awaitLine(line -> line.contains("asks    witnesses: 3, quorum two-of-three"), Site.READY);
        calls(3);
        Json.Obj status = awaitWitnessed();
        assertEquals("agreed", Values.text(status, "witnesses.start"));
        assertEquals("0", Values.text(status, "witnesses.each.2.size"));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Values.text(site.get("/v1/status"), "witnesses.each.2.fault").equals("witness-unreachable")) {
            assertTrue(System.nanoTime() < end, "it has ten seconds to answer");
            LockSupport.parkNanos(100_000_000);
        }
        succeeds(site.jurat("status"), "witness.example/w1");
        succeeds(site.jurat("log", "show"), "witnessed-checkpoint");
        succeeds(site.jurat("doctor"), "witness-unreachable: the witness w3");
    }

    @Test
    @Order(2)
    void whatTheyCosignedCountsForNothingOffline() throws Exception {
        String trust = file("trust-two.json");
        String all = file("trust-all.json");
        succeeds(
                site.jurat("log", "trust", "--witness-policy", policy.toString(), "--out", trust),
                "as far as the quorum of that policy has cosigned it");
        assertEquals(
                0,
                site.jurat("log", "trust", "--witness-policy", strict.toString(), "--out", all)
                        .exit());
        String user = Files.readString(policy).replace("http://", "http://user@");
        Files.writeString(site.folder().resolve("user"), user);
        refuses(site.jurat("log", "trust", "--witness-policy", file("user")), 2, "witness-url");
        // As large as a policy may be, with what JSON writes in two.
        String full = Files.readString(policy);
        Files.writeString(
                site.folder().resolve("full"), full + "#" + "\"".repeat((1 << 16) - full.length() - 2) + "\n");
        String large = file("trust-full.json");
        assertEquals(
                0,
                site.jurat("log", "trust", "--witness-policy", file("full"), "--out", large)
                        .exit());
        awaitWitnessed();
        String bundle = file("all.jurat");
        assertEquals(
                0,
                site.jurat("bundle", "export", "--all", "--witnessed", "--out", bundle)
                        .exit());
        succeeds(
                site.jurat("verify", "--trust", trust, bundle),
                "2 of the 3 that the trust policy knows cosigned this size (witness.example/w1, witness.example/w2): enough");
        succeeds(site.jurat("verify", "--trust", large, bundle), "2 of the 3");
        String proof = file("agent.jurat-state");
        succeeds(
                site.jurat("log", "prove", "principal", Site.AGENT, "--witnessed", "--out", proof),
                "agent.jurat-state");
        succeeds(site.jurat("verify", "--trust", trust, proof), "In force:  yes");
        refuses(site.jurat("verify", "--trust", all, proof), 1, "witness-quorum");
        succeeds(site.jurat("log", "audit", "--trust", large), "witnesses that signed: 2");
        refuses(site.jurat("verify", "--trust", all, bundle), 1, "witness-quorum");
        refuses(site.jurat("verify", "--trust", file("logs"), bundle), 2, "");
        succeeds(site.jurat("log", "audit", "--trust", trust), "witnesses that signed: 2");
        refuses(site.jurat("log", "audit", "--trust", all), 1, "witness-quorum");
        Path copy = site.folder().resolve("copied");
        copy(site.data(), copy);
        Files.deleteIfExists(copy.resolve("log/lock"));
        succeeds(site.jurat("log", "audit", copy.toString(), "--trust", trust), "witnesses that signed: 2");
        delete(copy);
    }

    @Test
    @Order(3)
    void aNodeThatIsKilledForgetsWhomItAsks() throws Exception {
        node.kill();
        node.exit(Site.READY);
        copy(site.data(), site.folder().resolve("backup"));
        node = up();
        calls(2);
        Json.Obj status = awaitWitnessed();
        assertEquals("two-of-three", Values.text(status, "witnesses.quorum"));
        refuses(site.jurat("up", "--background", "--data", site.data().toString(), "--no-witnesses"), 2, "(node-up)");
        refuses(site.jurat("up", "--data", file("x"), "--witness-interval", "3"), 2, "(witness-choice)");
    }

    @Test
    @Order(4)
    void aBackupThatWasPutBackGoesOnAsIfNothingHadBeen() throws Exception {
        node.signal("TERM");
        node.exit(Site.READY);
        Path newest = site.folder().resolve("newest");
        copy(site.data(), newest);
        delete(site.data());
        copy(site.folder().resolve("backup"), site.data());
        node = up();
        node.awaitLine(line -> line.contains("this folder is an old copy"), Site.READY);
        assertEquals("read-only", Values.text(site.get("/v1/status"), "ledger.state"));
        refuses(site.jurat("doctor"), 1, "witness-ahead");
        succeeds(site.jurat("log", "list"), "genesis");
        succeeds(site.jurat("log", "show", "0"), "genesis");
        Path refused = site.folder().resolve("refused");
        ManagedProcess wrapper = site.keep(ManagedProcess.start(
                Site.wrapCommand(Site.AGENT, List.of("--hold", "0"), CountingServer.command(refused)),
                site.folder(),
                site.environment()));
        assertTrue(wrapper.exit(Site.READY) != 0, "a wrapper that can record nothing lets nothing through");
        assertTrue(wrapper.errors().contains("witness-ahead"), wrapper.errors());
        assertFalse(Files.exists(refused), "the call went out");
        node.kill();
        node.exit(Site.READY);

        delete(site.data());
        copy(newest, site.data());
        node = up();
        assertEquals("running", Values.text(site.get("/v1/status"), "ledger.state"));
        calls(1);
        awaitWitnessed();
    }

    @Test
    @Order(5)
    void nobodyIsAskedAnyMoreAndTheStatusSaysOtherwise() throws Exception {
        node.signal("TERM");
        node.exit(Site.READY);
        node = up("--no-witnesses");
        Json.Obj status = site.get("/v1/status");
        assertEquals("none", Values.text(status, "witnesses.quorum"));
        refuses(site.jurat("bundle", "export", "--all", "--witnessed", "--out", file("no.jurat")), 1, "not-witnessed");
        refuses(site.jurat("log", "prove", "principal", Site.AGENT, "--witnessed"), 1, "not-witnessed");
    }
}
