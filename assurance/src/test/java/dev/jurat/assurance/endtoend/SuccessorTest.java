package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A log whose key was stolen and the one that takes its place, with a node and a witness that are processes: what people type, in one story. */
@Order(4)
final class SuccessorTest {
    private static final Terminal.Line ANN = new Terminal.Line("of ann", Site.PASSPHRASE);
    private static final Terminal.Line BOB = new Terminal.Line("of bob", Site.PASSPHRASE);

    private Path old;
    private Path policy;

    private static void secondAdministrator(Site site) throws IOException {
        List<Terminal.Line> lines = List.of(
                ANN, new Terminal.Line("assphrase", Site.PASSPHRASE), new Terminal.Line("again", Site.PASSPHRASE));
        site.atTerminal(lines, "operator", "enroll", "--name", "bob", "--by", "ann", "--light");
    }

    /** A witness of these logs, and the policy that asks for it. */
    private ManagedProcess witness(Site site, String... vkeys) throws IOException {
        Path logs = site.folder().resolve("logs");
        Files.writeString(logs, "log " + String.join("\nlog ", vkeys) + "\n");
        ManagedProcess witness = site.keep(ManagedProcess.start(
                Programs.jurat(
                        "witness",
                        "serve",
                        "--json",
                        "--dir",
                        "w",
                        "--name",
                        "witness.example/w",
                        "--logs",
                        logs.toString()),
                site.folder(),
                site.environment()));
        Json.Obj up = Values.parse(new String(witness.line(0, Site.READY), StandardCharsets.UTF_8));
        policy = Files.writeString(
                site.folder().resolve("policy"),
                "witness w " + Values.text(up, "vkey") + " " + Values.text(up, "url") + "\nquorum w\n");
        return witness;
    }

    private static void stop(ManagedProcess process) throws IOException {
        process.signal("TERM");
        process.exit(Site.READY);
    }

    private void upWitnessed(Site site) throws IOException {
        site.up("--witness-policy", policy.toString(), "--witness-interval", "1");
    }

    private static void awaitWitnessed(Site site) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            Json.Obj status = site.get("/v1/status");
            if (Values.text(status, "witnesses.size").equals(Values.text(status, "ledger.size"))) {
                return;
            }
            assertTrue(System.nanoTime() < end, status.toString());
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static StdioClient client(Site site) throws IOException {
        return site.wrap(
                Site.AGENT,
                List.of("--hold", "0"),
                CountingServer.command(site.folder().resolve("counter")));
    }

    private static void call(Site site) throws IOException {
        StdioClient client = Servers.ready(client(site));
        client.call("count", "{\"word\":\"a\"}", Servers.SOON);
        client.leave(Servers.SOON);
    }

    private Site.Said succeed(Site site, String... more) throws IOException {
        String[] words = {
            "log",
            "succeed",
            "--from",
            old.toString(),
            "--data",
            site.data().toString(),
            "--reason",
            "key-stolen",
            "--as",
            "ann"
        };
        String[] all = Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
        return site.jurat(all);
    }

    private static void refused(String code, Site.Said said) {
        assertTrue(said.exit() != 0 && (said.out() + said.err()).contains(code), said.out() + said.err());
    }

    private static String file(Site site, String name) {
        return site.folder().resolve(name).toString();
    }

    @Test
    void aLogWhoseKeyWasStolenIsGoneOnWithByItsPeople() throws Exception {
        try (Site site = Site.governed()) {
            old = site.home().resolve("data-old");
            secondAdministrator(site);
            String key = Values.text(site.json("log", "trust"), "log");
            stop(site.node());
            ManagedProcess witness = witness(site, key);
            upWitnessed(site);
            site.json("log", "backup", "--to", file(site, "early"));
            call(site);
            awaitWitnessed(site);
            site.json("log", "trust", "--witness-policy", policy.toString(), "--out", file(site, "trust-old.json"));
            // A node that runs is no old log.
            Site.Said early = site.jurat(
                    "log",
                    "succeed",
                    "--from",
                    site.data().toString(),
                    "--data",
                    file(site, "x"),
                    "--as",
                    "ann",
                    "--reason",
                    "planned");
            refused("(data-folder-in-use)", early);
            stop(site.node());
            site.json("log", "backup", "--to", file(site, "late"));
            Files.move(site.data(), old);
            thief(site);
            restored(site);

            String trust = file(site, "trust-old.json");
            refused("(not-witnessed)", succeed(site, "--with", "bob"));
            refused("(successor-four-eyes)", succeed(site, "--trust", trust));
            refused(
                    "(not-witnessed)",
                    succeed(site, "--with", "bob", "--trust", trust, "--checkpoint", file(site, "stolen")));
            assertFalse(Files.exists(site.data()), "nothing is made by who may not");
            Json.Obj made = made(site, old, site.data());
            assertTrue(((Json.Int) Values.at(made, "behind")).value() > 0, made.toString());
            assertEquals(List.of(Json.of(Site.AGENT)), Values.list(made, "agents.sound"));
            refused("(data-folder-foreign)", succeed(site, "--with", "bob"));

            stop(witness);
            witness(site, key, Values.text(made, "key"));
            upWitnessed(site);
            goOn(site);
            readers(site);
        }
    }

    /** Whoever has the key goes on with the old log, and no witness hears of it. */
    private void thief(Site site) throws IOException {
        site.up(old, "--no-witnesses");
        stop(site.node());
        Files.copy(old.resolve("log").resolve("witnessed"), site.folder().resolve("seen"));
        // A checkpoint as whoever has the key can sign it, without the witness.
        String note = Files.readString(site.folder().resolve("seen"));
        List<String> lines =
                note.lines().filter(line -> !line.startsWith("— witness")).toList();
        Files.writeString(site.folder().resolve("stolen"), String.join("\n", lines) + "\n");
        Path asked = old.resolve("witnesses.json");
        assertFalse(Files.exists(asked), "whoever asks nobody leaves no list of whom to ask");
    }

    /** Of the log only backups are left, without any key of it: what was cosigned is on a witness's word, or a reader's. */
    private void restored(Site site) throws Exception {
        for (String backup : List.of("early", "late")) {
            site.json("log", "restore", "--from", file(site, backup), "--data", file(site, backup + "-restored"));
        }
        String[] cited = {"--trust", file(site, "trust-old.json"), "--checkpoint", file(site, "seen")};
        Path late = Path.of(file(site, "late-restored"));
        Path before = old;
        old = Path.of(file(site, "early-restored"));
        refused("(predecessor-short)", succeed(site, cited));
        old = late;
        refused("(not-witnessed)", succeed(site, "--with", "bob"));
        old = before;
        Json.Obj made = made(site, late, Path.of(file(site, "carried")), "--checkpoint", file(site, "seen"));
        assertEquals(List.of(Json.of(Site.AGENT)), Values.list(made, "agents.sound"));
        Json.Obj audit = site.json("log", "audit", file(site, "carried"), "--predecessor", late.toString());
        assertEquals("true", Values.text(audit, "clean"));
        assertEquals("succeeded", Values.text(audit, "predecessor.continuity"));
        assertEquals(Values.text(made, "predecessor.root"), Values.text(audit, "predecessor.root"));
    }

    private Json.Obj made(Site site, Path from, Path to, String... more) throws Exception {
        String[] words = {
            "log",
            "succeed",
            "--from",
            from.toString(),
            "--data",
            to.toString(),
            "--reason",
            "key-stolen",
            "--as",
            "ann",
            "--with",
            "bob",
            "--trust",
            file(site, "trust-old.json"),
            "--json"
        };
        String[] all = Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
        Terminal.Result result = site.atTerminal(List.of(ANN, BOB), all);
        String screen = result.screen();
        return Values.parse(screen.substring(screen.indexOf('{'), screen.lastIndexOf('}') + 1));
    }

    /** Agents and what decides are enrolled and published anew; who was known by the old log alone is told what to run. */
    private static void goOn(Site site) throws Exception {
        ManagedProcess stranger = site.keep(ManagedProcess.start(
                Site.wrapCommand(
                        Site.AGENT,
                        List.of("--hold", "0"),
                        CountingServer.command(site.folder().resolve("counter"))),
                site.folder(),
                site.environment()));
        stranger.awaitError(line -> line.contains("enrolment-closed"), Site.READY);
        site.atTerminal(List.of(ANN), "agent", "enroll", Site.AGENT, "--as", "ann");
        site.atTerminal(List.of(ANN, BOB), "policy", "publish", "starter@v1", "--as", "ann", "--with", "bob");
        call(site);
        awaitWitnessed(site);
        Json.Obj status = site.json("status");
        assertEquals("key-stolen", Values.text(status, "predecessor.reason"));
    }

    private void readers(Site site) throws Exception {
        String bundle = file(site, "new.jurat");
        String trust = file(site, "trust-new.json");
        site.json("bundle", "export", "--all", "--witnessed", "--out", bundle);
        site.json("log", "trust", "--witness-policy", policy.toString(), "--out", trust);
        Json.Obj stated = site.json("verify", "--trust", trust, bundle);
        assertEquals("stated", Values.text(stated, "findings.predecessor.continuity"));
        Path before = site.folder().resolve("trust-old.json");
        refused("trust-log", site.jurat("verify", "--trust", before.toString(), bundle));
        Path following = Files.writeString(
                site.folder().resolve("following.json"),
                Files.readString(before).replaceFirst("\\{", "{\"successor\":\"administrators\","));
        Json.Obj followed = site.json("verify", "--trust", following.toString(), bundle);
        assertEquals("succeeded", Values.text(followed, "findings.predecessor.continuity"));
        assertEquals("true", Values.text(followed, "findings.predecessor.witnesses.enough"));
        Json.Obj audit = site.json("log", "audit", "--trust", trust, "--predecessor", old.toString());
        assertEquals("succeeded", Values.text(audit, "predecessor.continuity"));
        assertTrue(
                Values.at(audit, "predecessor.old_log.after_successor") instanceof Json.Obj kinds
                        && !kinds.members().isEmpty(),
                audit.toString());
    }
}
