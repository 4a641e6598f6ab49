package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Somebody else's log, over HTTP and as a folder, by the command. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(4)
final class LogAuditTest {
    private Site site;
    private String served;
    private String trust;
    private HttpServer between;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Answer answer = LogAuditTest::pass;

    /** What stands between the auditor and the node does with a request. */
    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange, byte[] real) throws IOException;
    }

    @BeforeAll
    void start() throws Exception {
        site = Site.governed();
        call();
        trust = site.folder().resolve("trust.json").toString();
        assertEquals(0, site.jurat("log", "trust", "--out", trust).exit());
        // Others hand it over, and anybody may read it.
        Files.setPosixFilePermissions(Path.of(trust), PosixFilePermissions.fromString("rw-r--r--"));
        served = Values.text(site.json("status"), "tiles");
        between = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        between.setExecutor(threads);
        between.createContext("/", this::serve);
        between.start();
    }

    private void call() throws Exception {
        StdioClient client = Servers.ready(site.wrap(
                Site.AGENT,
                List.of("--hold", "0"),
                CountingServer.command(site.folder().resolve("counter"))));
        for (int i = 0; i < 3; i++) {
            client.call("count", "{\"word\":\"a" + i + "\"}", Servers.SOON);
        }
        client.leave(Servers.SOON);
    }

    @AfterAll
    void stop() throws IOException {
        between.stop(0);
        threads.shutdownNow();
        site.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream real =
                        URI.create(served + exchange.getRequestURI()).toURL().openStream()) {
            answer.to(exchange, real.readAllBytes());
        }
    }

    private static void pass(HttpExchange exchange, byte[] real) throws IOException {
        exchange.sendResponseHeaders(200, real.length);
        exchange.getResponseBody().write(real);
    }

    private Site.Said audit(Answer behaviour, String... options) throws IOException {
        answer = behaviour;
        List<String> words = new ArrayList<>(List.of(
                "log", "audit", "http://127.0.0.1:" + between.getAddress().getPort()));
        words.addAll(List.of(options));
        return site.jurat(words.toArray(String[]::new));
    }

    private static Answer changed(String path, int at) {
        return (exchange, real) -> {
            if (exchange.getRequestURI().getPath().startsWith(path)) {
                real[at] ^= 1;
            }
            pass(exchange, real);
        };
    }

    /** A checkpoint whose root is another, in base64 still. */
    private static Answer anotherRoot() {
        return (exchange, real) -> {
            if (exchange.getRequestURI().getPath().equals("/checkpoint")) {
                String[] lines = new String(real, StandardCharsets.UTF_8).split("\n", 4);
                lines[2] = (lines[2].startsWith("A") ? "B" : "A") + lines[2].substring(1);
                pass(exchange, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            } else {
                pass(exchange, real);
            }
        };
    }

    private static void defect(String code, Site.Said said) {
        assertEquals(1, said.exit(), said.out() + said.err());
        assertTrue(said.out().contains(code + "  "), said.out());
        assertTrue(said.out().contains(" defect"), said.out());
    }

    private static void unusable(String code, Site.Said said) {
        assertEquals(2, said.exit(), said.out() + said.err());
        assertTrue(said.err().contains("(" + code + ")"), said.err());
    }

    @Test
    void aSoundLogHasADefectWhereItsNodeServesIt() throws Exception {
        Json.Obj report = site.json("log", "audit", "--trust", trust);
        assertEquals("true", Values.text(report, "clean"));
        assertEquals("true", Values.text(report, "anchored"));
        assertEquals(served, Values.text(report, "log"));
        assertEquals(Values.text(report, "size"), Values.text(report, "leaves"));
        Site.Said said = audit(LogAuditTest::pass);
        assertEquals(0, said.exit(), said.out() + said.err());
        assertTrue(said.out().contains("No defect.") && said.out().contains("--trust FILE"), said.out());
        assertFalse((said.out() + said.err()).contains("auditing"), "progress is for a terminal alone");
        // The log may have grown by a clock in between.
        Site.Said single = audit(LogAuditTest::pass, "--single");
        assertEquals(0, single.exit(), single.out() + single.err());
        assertTrue(single.out().contains("No defect."), single.out());
    }

    @Test
    void aNodeThatDoesNotAnswerHidesItsLog() throws Exception {
        site.node().signal("STOP");
        try {
            Json.Obj report = site.json("log", "audit", "--trust", trust);
            assertEquals("true", Values.text(report, "clean"));
            assertEquals(site.data().toString(), Values.text(report, "log"));
            assertTrue(Integer.parseInt(Values.text(report, "bodies")) > 10);
        } finally {
            site.node().signal("CONT");
        }
    }

    @Test
    void aCopiedFolderIsFoundCleanWhateverIsInIt() throws Exception {
        Path copy = site.folder().resolve("copy");
        copy(site.data().resolve("log"), copy.resolve("log"));
        Json.Obj report = site.json("log", "audit", copy.toString(), "--trust", trust);
        assertEquals("true", Values.text(report, "clean"));
        assertTrue(Integer.parseInt(Values.text(report, "bodies")) > 10);

        Path artefact = copy.resolve("log/artefact");
        for (Path folder : list(artefact)) {
            for (Path file : list(folder)) {
                Files.write(file, new byte[] {1});
            }
        }
        defect("artefact-missing", site.jurat("log", "audit", copy.toString(), "--trust", trust));
        Files.delete(copy.resolve("log/head"));
        unusable("checkpoint-missing", site.jurat("log", "audit", copy.toString()));
        unusable("not-a-ledger", site.jurat("log", "audit", site.folder().toString()));
    }

    @Test
    void whatStandsBetweenChangesWhatIsServed() throws Exception {
        defect("tile-mismatch", audit(changed("/tile/0/", 3)));
        defect("root-mismatch", audit(changed("/tile/entries/", 700)));
        defect("note-signature-invalid", audit(anotherRoot(), "--trust", trust));
        defect("entries-missing", audit((exchange, real) -> {
            if (exchange.getRequestURI().getPath().startsWith("/tile/entries")) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                pass(exchange, real);
            }
        }));
    }

    @Test
    void aHostileServerIsReadWithoutAnEnd() throws Exception {
        Answer endless = (exchange, real) -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 1000; i++) {
                    out.write(new byte[1 << 20]);
                }
            }
        };
        unusable("log-unreadable", audit(endless));
        unusable("log-unreadable", audit((exchange, real) -> {
            exchange.getResponseHeaders().add("Location", served);
            exchange.sendResponseHeaders(302, -1);
        }));
        unusable("log-unreadable", audit((exchange, real) -> exchange.sendResponseHeaders(500, -1)));
        unusable("checkpoint-missing", audit((exchange, real) -> exchange.sendResponseHeaders(404, -1)));
        unusable("note-syntax", audit((exchange, real) -> pass(exchange, new byte[] {'x'})));
        unusable("not-a-ledger", site.jurat("log", "audit", ""));
        unusable("log-url", site.jurat("log", "audit", "http://"));
        unusable("log-unreadable", site.jurat("log", "audit", "http://127.0.0.1:1"));
    }

    @Test
    void aMarkHidesWhatChangedBelowIt() throws Exception {
        String mark = site.folder().resolve("mark").toString();
        assertEquals(0, audit(LogAuditTest::pass, "--mark", mark).exit());
        Site.Said again = audit(LogAuditTest::pass, "--mark", mark);
        assertEquals(0, again.exit(), again.out());
        assertTrue(again.out().contains(", signatures from leaf "), again.out());
        // The log may have grown by a clock between the two.
        String text = Files.readString(Path.of(mark));
        defect("log-rewritten", audit(changed("/tile/entries/", 700), "--mark", mark));
        assertEquals(text, Files.readString(Path.of(mark)));
        Files.writeString(Path.of(mark), "{}");
        unusable("member-missing", audit(LogAuditTest::pass, "--mark", mark));
    }

    // ---- one that goes on

    private static long size(String line) {
        try {
            return Long.parseLong(Values.text(Values.parse(line), "size"));
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void whatComesToALogThatIsFollowedIsToldLater() throws Exception {
        Path metrics = site.folder().resolve("audit.prom");
        answer = LogAuditTest::pass;
        ManagedProcess audit = site.keep(ManagedProcess.start(
                Programs.jurat(
                        "log",
                        "audit",
                        "http://127.0.0.1:" + between.getAddress().getPort(),
                        "--follow",
                        "--json",
                        "--metrics",
                        metrics.toString()),
                site.folder(),
                site.environment()));
        long size = size(audit.awaitLine(line -> line.contains("\"clean\":true"), Site.READY));
        call();
        String grown = audit.awaitLine(line -> size(line) >= size + 10, Site.READY);
        assertTrue(grown.contains("\"clean\":true"), grown);
        String figures = Files.readString(metrics);
        assertTrue(figures.contains("\njurat_audit_defects{log="), figures);
        assertTrue(figures.contains("\njurat_audit_suspect_records{log="), figures);
        assertTrue(figures.contains("\"} 0\n") && figures.contains("jurat_audit_reachable"), figures);
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(metrics)));

        answer = (exchange, real) -> exchange.sendResponseHeaders(500, -1);
        audit.awaitLine(line -> line.contains("log-unreadable"), Site.READY);
        assertTrue(audit.alive());

        // From here on the last signature that is served is another one.
        answer = (exchange, real) -> {
            if (exchange.getRequestURI().getPath().startsWith("/tile/entries/")) {
                real[real.length - 1] ^= 1;
            }
            pass(exchange, real);
        };
        call();
        String lied = audit.awaitLine(line -> line.contains("\"clean\":false"), Site.READY);
        assertTrue(lied.contains("signature-invalid") && lied.contains("root-mismatch"), lied);
        assertTrue(Files.readString(metrics).matches("(?s).*jurat_audit_defects\\{[^}]*} [1-9].*"));
        audit.signal("TERM");
        assertEquals(143, audit.exit(Site.READY));
        unusable("option-range", site.jurat("log", "audit", "--follow", "--every", "0"));
        unusable("option-range", site.jurat("log", "audit", "--every", "5"));
        unusable("no-such-folder", site.jurat("log", "audit", "--metrics", "nowhere/x"));
    }

    @Test
    void theLogOfThisNodeIsNotFollowed() throws Exception {
        ManagedProcess audit = site.keep(ManagedProcess.start(
                Programs.jurat("log", "audit", "--follow", "--json"), site.folder(), site.environment()));
        long size = size(audit.awaitLine(line -> line.contains("\"clean\":true"), Site.READY));
        call();
        audit.awaitLine(line -> size(line) > size, Site.READY);
        audit.signal("TERM");
        audit.exit(Site.READY);
        Path copy = site.folder().resolve("followed");
        copy(site.data().resolve("log"), copy.resolve("log"));
        unusable("log-unreadable", site.jurat("log", "audit", copy.toString(), "--follow"));
    }

    // ---- a witness

    private ManagedProcess witness(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("witness", "serve", "--json", "--dir", "witness"));
        words.addAll(List.of(options));
        return site.keep(ManagedProcess.start(Programs.jurat(words), site.folder(), site.environment()));
    }

    private static byte[] post(String address, byte[] body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setDoOutput(true);
        connection.getOutputStream().write(body);
        return connection.getInputStream().readAllBytes();
    }

    private byte[] checkpoint() throws IOException {
        return URI.create(served + "/checkpoint").toURL().openStream().readAllBytes();
    }

    /** Of one log, started by two, under another name: the key signs under one name, and one process has the folder. */
    @Test
    void aWitnessIsNotAskedOrCountsWithoutBeingTrusted() throws Exception {
        Json.Obj ours = CanonicalJson.readObject(Files.readAllBytes(Path.of(trust)));
        Path logs = site.folder().resolve("logs");
        Files.writeString(logs, "# ours\nlog " + Values.text(ours, "log") + "\n");
        String[] words = {"--name", "witness.example/w1", "--logs", logs.toString()};
        ManagedProcess witness = witness(words);
        Json.Obj up = Values.parse(new String(witness.line(0, Site.READY), StandardCharsets.UTF_8));
        ManagedProcess second = witness(words);
        assertEquals(2, second.exit(Site.READY));
        assertTrue(second.output().contains("\"witness-in-use\""), second.output());

        byte[] note = checkpoint();
        byte[] start = "old 0\n\n".getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(start, start.length + note.length);
        System.arraycopy(note, 0, request, start.length, note.length);
        String line = new String(post(Values.text(up, "url") + "/add-checkpoint", request), StandardCharsets.UTF_8);
        Json.Obj wants = ours.with(
                "witnesses",
                JsonBuilder.object()
                        .strings("keys", List.of(Values.text(up, "vkey")))
                        .put("quorum", 1)
                        .build());
        Path strict = site.folder().resolve("strict.json");
        Files.write(strict, CanonicalJson.write(wants));
        defect("witness-quorum", audit(LogAuditTest::pass, "--trust", strict.toString()));
        Site.Said said = audit(
                (exchange, real) -> {
                    boolean asked = exchange.getRequestURI().getPath().equals("/checkpoint");
                    pass(
                            exchange,
                            asked
                                    ? (new String(note, StandardCharsets.UTF_8) + line).getBytes(StandardCharsets.UTF_8)
                                    : real);
                },
                "--trust",
                strict.toString());
        assertEquals(0, said.exit(), said.out() + said.err());
        assertTrue(said.out().contains("witnesses that signed: 1"), said.out());

        witness.signal("TERM");
        assertEquals(143, witness.exit(Site.READY));
        words[1] = "witness.example/w2";
        ManagedProcess renamed = witness(words);
        assertEquals(2, renamed.exit(Site.READY));
        assertTrue(renamed.output().contains("\"witness-name\""), renamed.output());
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Without the lock, which a copy of a folder that is in use may have and need not. */
    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
