package dev.jurat.assurance.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jurat.assurance.harness.GoModule;
import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.WitnessRequest;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.sdk.Entry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our log read, and our witness asked, by programs that others wrote; and the same with one byte of an answer changed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(3)
final class ForeignReadersTest {
    private static final int LEAVES_MIN = 600;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private GoModule go;
    private Site site;
    private String vkey = "";
    private HttpServer liar;
    private volatile String lie = "";

    @BeforeAll
    void start() throws Exception {
        go = GoModule.find();
        assumeTrue(go.here(), go.why());
        site = Site.fresh();
        // None of them knows its key: they pass the second line over.
        site.up("--second-line");
        Party point = Party.point(site);
        while (new LogReader(site.logAddress()).checkpoint().size().value() < LEAVES_MIN) {
            var clock = point.client().head().clock();
            List<Entry> group = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                group.add(point.observation(new byte[] {(byte) i}, clock));
            }
            point.client().submit(group, Duration.ofSeconds(20));
        }
        vkey = TrustPolicy.read(Files.readAllBytes(site.trust())).log().text();
        liar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        liar.setExecutor(threads);
        liar.createContext("/", this::lying);
        liar.start();
    }

    @AfterAll
    void stop() throws IOException {
        if (liar != null) {
            liar.stop(0);
        }
        threads.shutdownNow();
        http.shutdownNow();
        if (site != null) {
            site.close();
        }
    }

    /** Passes on what the node answers, with the last byte of what is asked for under a path changed. */
    private void lying(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpResponse<byte[]> real = ask(site.logAddress() + exchange.getRequestURI());
            byte[] body = real.body();
            if (exchange.getRequestURI().getPath().startsWith(lie)) {
                body[body.length - 1] ^= 1;
            }
            exchange.sendResponseHeaders(real.statusCode(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private HttpResponse<byte[]> ask(String address) throws IOException {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sumdb", "tessera", "fsck"})
    void aReaderOfOthersFindsTheLogWanting(String reader) throws Exception {
        Site.Said said = go.run(reader, site.logAddress(), vkey);
        assertEquals(0, said.exit(), said.out() + said.err());
    }

    @ParameterizedTest
    @CsvSource({
        "sumdb, /checkpoint",
        "sumdb, /tile/0/000",
        "sumdb, /tile/1/000",
        "sumdb, /tile/entries/001",
        "sumdb, /inclusion/17/",
        "sumdb, /consistency/1/",
        "sumdb, /proof/17.tlog-proof",
        "tessera, /checkpoint",
        "tessera, /tile/0/001",
        "tessera, /tile/entries/000",
        "fsck, /checkpoint",
        "fsck, /tile/0/000",
        "fsck, /tile/1/000",
        "fsck, /tile/entries/000"
    })
    void aReaderOfOthersIsToldALieAndFindsNothing(String reader, String path) throws Exception {
        lie = path;
        String address = "http://127.0.0.1:" + liar.getAddress().getPort();
        Site.Said said = go.run(reader, address, vkey);
        assertNotEquals(0, said.exit(), path + ": " + said.out());
    }

    @Test
    void ourWitnesssCosignatureIsNoneToOthers() throws Exception {
        Path logs = Files.writeString(site.folder().resolve("logs"), "log " + vkey + "\n");
        Json.Obj witness = witness("own", "witness.example/own", logs);
        SignedNote note =
                SignedNote.parse(ask(site.logAddress() + "/checkpoint").body());
        TreeSize size = Checkpoint.parse(note.text()).size();
        byte[] request = WitnessRequest.of(new ConsistencyProof(new TreeSize(0), size, List.of()), note)
                .bytes();
        HttpResponse<String> line = http.send(
                HttpRequest.newBuilder(URI.create(Values.text(witness, "url") + "/add-checkpoint"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, line.statusCode(), line.body());
        String cosigned = new String(note.bytes(), StandardCharsets.UTF_8) + line.body();
        String key = Values.text(witness, "vkey");
        Site.Said said = cosigned(cosigned, key);
        assertEquals(0, said.exit(), said.out() + said.err());
        assertNotEquals(
                0,
                cosigned(new String(note.bytes(), StandardCharsets.UTF_8), key).exit());
        int at = cosigned.length() - 10;
        char other = cosigned.charAt(at) == 'A' ? 'B' : 'A';
        assertNotEquals(
                0,
                cosigned(cosigned.substring(0, at) + other + cosigned.substring(at + 1), key)
                        .exit());
    }

    private Site.Said cosigned(String note, String witness) throws IOException {
        return go.run(site.folder(), note.getBytes(StandardCharsets.UTF_8), "cosigned", vkey, witness);
    }

    @Test
    void aLogOfOthersGetsNoCosignatureFromOurWitnesses() throws Exception {
        String log = go.run(site.folder(), new byte[0], "key", "tessera.example/log", "key")
                .out()
                .strip();
        Path logs = Files.writeString(site.folder().resolve("others"), "log " + log + "\n");
        List<Json.Obj> witnesses =
                List.of(witness("w1", "witness.example/w1", logs), witness("w2", "witness.example/w2", logs));
        StringBuilder policy = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            Json.Obj one = witnesses.get(i);
            policy.append("witness w" + i + " " + Values.text(one, "vkey") + " " + Values.text(one, "url") + "\n");
        }
        Files.writeString(site.folder().resolve("policy"), policy + "group both all w0 w1\nquorum both\n");
        Site.Said said = go.run(site.folder(), new byte[0], "witnessed", "tessera", "key", "policy", "5");
        assertEquals(0, said.exit(), said.out() + said.err());
        assertTrue(said.out().startsWith("tessera.example/log\n5\n"), said.out());
        Site.Said opened = go.run(
                site.folder(),
                said.out().getBytes(StandardCharsets.UTF_8),
                "cosigned",
                log,
                Values.text(witnesses.get(0), "vkey"),
                Values.text(witnesses.get(1), "vkey"));
        assertEquals(0, opened.exit(), opened.err());
    }

    private Json.Obj witness(String folder, String name, Path logs) throws IOException {
        List<String> command = Programs.jurat(
                "witness",
                "serve",
                "--json",
                "--dir",
                site.folder().resolve(folder).toString(),
                "--name",
                name,
                "--logs",
                logs.toString());
        ManagedProcess process = site.keep(ManagedProcess.start(command, site.folder(), site.environment()));
        return Values.parse(new String(process.line(0, Site.READY), StandardCharsets.UTF_8));
    }
}
