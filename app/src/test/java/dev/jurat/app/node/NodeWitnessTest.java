package dev.jurat.app.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.jurat.app.http.Door;
import dev.jurat.app.http.DoorLimits;
import dev.jurat.app.witness.Witness;
import dev.jurat.app.witness.WitnessApi;
import dev.jurat.app.witness.WitnessLogs;
import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.witness.WitnessConfig;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.MlDsaKey;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SecondLineKey;
import dev.jurat.proof.log.SecondLineSigner;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.sdk.Enrolment;
import dev.jurat.sdk.HttpLog;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A whole node and three real witnesses, of which two are a quorum. */
// A process has one folder for native libraries: that of the first node in it.
@ResourceLock("native libraries")
class NodeWitnessTest {
    private static final long SOON_SECONDS = 30;

    @TempDir
    Path folder;

    private final List<One> witnesses = new ArrayList<>();
    private String genesis = "";
    private NoteVerifier log =
            NoteSigner.log("none", SoftwareKey.generate(RandomSource.secure())).verifier();

    /** A witness that keeps its port, folder and key over its restarts. */
    private final class One {
        private final NoteSigner signer;
        private final Path states;
        private final int port;
        private Optional<Door> door = Optional.empty();

        One(int number) throws IOException {
            signer = NoteSigner.cosigner("witness.example/w" + number, SoftwareKey.generate(RandomSource.secure()));
            states = Files.createDirectory(folder.resolve("w" + number));
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
        }

        void up() throws Exception {
            WitnessLogs logs = new WitnessLogs(Map.of(log.name(), List.of(log)));
            Witness witness = Witness.open(states, signer, logs, () -> System.currentTimeMillis() / 1000);
            door = Optional.of(Door.loopback(port, new WitnessApi(witness).router(), DoorLimits.USUAL, fault -> {}));
        }

        void down() {
            door.ifPresent(Door::close);
            door = Optional.empty();
        }
    }

    @BeforeEach
    void first() throws Exception {
        try (Node node = start(new WitnessChoice.Kept());
                JuratClient client = client(node)) {
            Json.Obj head = client.get("/v1/log");
            genesis = text(head, "genesis");
            var facts = dev.jurat.sdk.Entry.read(client.get("/v1/leaves/0")
                            .without("index")
                            .without("id")
                            .without("flags"))
                    .record()
                    .statement()
                    .facts();
            log = NoteVerifier.log(
                    text(head, "origin"),
                    VerifyKey.parse(Suite.ED25519_2026, ((LedgerFacts.Genesis) facts).checkpointKey()));
        }
        for (int i = 1; i <= 3; i++) {
            One witness = new One(i);
            witness.up();
            witnesses.add(witness);
        }
    }

    @AfterEach
    void stop() {
        witnesses.forEach(One::down);
    }

    private Node start(WitnessChoice choice) throws StartException {
        return start(folder.resolve("data"), choice);
    }

    private static Node start(Path data, WitnessChoice choice) throws StartException {
        return Node.start(NodeConfig.of(data).with(choice), Optional.empty(), fault -> {
            throw fault;
        });
    }

    private static JuratClient client(Node node) {
        return new JuratClient(node.config().socket(), Duration.ofSeconds(20));
    }

    private String policy() {
        StringBuilder text = new StringBuilder("log " + log.text() + "\n");
        for (int i = 0; i < witnesses.size(); i++) {
            One one = witnesses.get(i);
            text.append("witness w" + (i + 1) + " " + one.signer.verifier().text() + " http://127.0.0.1:" + one.port
                    + "\n");
        }
        return text + "group two-of-three 2 w1 w2 w3\nquorum two-of-three\n";
    }

    private WitnessChoice.Given given() throws Exception {
        TlogPolicy read = TlogPolicy.parse(policy().getBytes(StandardCharsets.UTF_8));
        return new WitnessChoice.Given(WitnessConfig.of(read, 200));
    }

    private TrustPolicy trust() throws Exception {
        TlogPolicy read = TlogPolicy.parse(policy().getBytes(StandardCharsets.UTF_8));
        return new TrustPolicy(
                log,
                Optional.of(dev.jurat.proof.record.RecordId.parse(genesis)),
                Optional.of(new TrustPolicy.Witnesses.ByPolicy(read)));
    }

    private static String text(Json.Obj value, String name) {
        return value.members().get(name) instanceof Json.Str text ? text.value() : "";
    }

    private static long number(Json.Obj value, String name) {
        return value.members().get(name) instanceof Json.Int number ? number.value() : -1;
    }

    private static Json.Obj object(Json.Obj value, String name) {
        return (Json.Obj) value.members().get(name);
    }

    private static Json.Obj await(JuratClient client, Predicate<Json.Obj> reached) throws NodeException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_SECONDS);
        Json.Obj status = client.status();
        while (!reached.test(status)) {
            assertTrue(System.nanoTime() < end, status.toString());
            LockSupport.parkNanos(20_000_000);
            status = client.status();
        }
        return status;
    }

    /** Somebody enrols. */
    private static void grow(JuratClient client) throws NodeException {
        KeyFile agent = KeyFile.generate(JuratHome.NAMESPACE, SignerType.AGENT, RandomSource.secure());
        assertEquals(
                Optional.empty(),
                Enrolment.self(client, agent, Role.AGENT, "agent", client.head(), RandomSource.secure()));
    }

    private static boolean witnessed(Json.Obj status) {
        return number(object(status, "witnesses"), "size") == number(object(status, "ledger"), "size");
    }

    private static List<String> warnings(Json.Obj status) {
        return ((Json.Arr) status.members().get("warnings"))
                .items().stream().map(w -> text((Json.Obj) w, "code")).toList();
    }

    private static SignedNote note(String url) throws Exception {
        return SignedNote.parse(URI.create(url).toURL().openStream().readAllBytes());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static long signed(Path data) throws Exception {
        return HeadMark.read(new DiskStorage(data.resolve("log")))
                .orElseThrow()
                .mark()
                .size();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void whatAQuorumCosignedIsServedAndCountsOffline() throws Exception {
        witnesses.get(1).down();
        try (Node node = start(given());
                JuratClient client = client(node)) {
            Json.Obj status = await(client, NodeWitnessTest::witnessed);
            assertEquals("two-of-three", text(object(status, "witnesses"), "quorum"));
            assertEquals("agreed", text(object(status, "witnesses"), "start"));
            assertTrue(
                    warnings(status).contains("witness-unreachable"),
                    warnings(status).toString());
            assertFalse(warnings(status).contains("not-witnessed"));

            SignedNote served = note(node.tilesUrl() + "/witnessed/checkpoint");
            assertEquals(3, served.signatures().size());
            try (HttpLog audited = new HttpLog(URI.create(node.tilesUrl()), true)) {
                AuditReport audit = new LogAudit(
                                audited,
                                Optional.of(trust()),
                                Optional.empty(),
                                SignatureChecker.standard(),
                                Optional.empty(),
                                d -> {})
                        .run((read, size) -> {});
                assertTrue(audit.clean(), audit.defects().toString());
                assertEquals(2, audit.cosigners());
            }

            Report report = exported(client);
            // The time may just have been written: then the newest is not witnessed yet.
            for (int i = 0; i < 5 && !report.accepted(); i++) {
                await(client, NodeWitnessTest::witnessed);
                report = exported(client);
            }
            assertTrue(report.accepted(), report.toString());
            byte[] asked = client.bytes("/v1/bundle?all=true&witnessed=true", 1 << 26, Duration.ofSeconds(60));
            assertTrue(Verifier.verify(asked, Optional.of(trust())).accepted());
            assertFalse(text(client.get("/v1/log"), "witnessed-checkpoint").isEmpty());
        }
    }

    private Report exported(JuratClient client) throws Exception {
        byte[] bundle = client.bytes("/v1/bundle?all=true", 1 << 26, Duration.ofSeconds(60));
        return Verifier.verify(bundle, Optional.of(trust()));
    }

    @Test
    void aRestartForgetsItsWitnesses() throws Exception {
        try (Node node = start(given());
                JuratClient client = client(node)) {
            await(client, NodeWitnessTest::witnessed);
        }
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("data/witnesses.json"))));
        try (Node node = start(new WitnessChoice.Kept());
                JuratClient client = client(node)) {
            assertTrue(number(object(client.status(), "witnesses"), "size") > 0);
            await(client, NodeWitnessTest::witnessed);
        }
        try (Node node = start(new WitnessChoice.Nobody());
                JuratClient client = client(node)) {
            assertEquals("none", text(object(client.status(), "witnesses"), "quorum"));
        }
        assertFalse(Files.exists(folder.resolve("data/witnesses.json")));
        try (Node node = start(new WitnessChoice.Kept());
                JuratClient client = client(node)) {
            assertEquals(0, number(object(client.status(), "witnesses"), "size"));
            NodeException none = assertThrows(
                    NodeException.class,
                    () -> client.bytes("/v1/bundle?all=true&witnessed=true", 1 << 26, Duration.ofSeconds(60)));
            assertEquals("not-witnessed", none.code());
        }
    }

    @Test
    void aBackupThatWasPutBackSigns() throws Exception {
        Path data = folder.resolve("data");
        Path backup = folder.resolve("backup");
        Path newest = folder.resolve("newest");
        try (Node node = start(given());
                JuratClient client = client(node)) {
            await(client, NodeWitnessTest::witnessed);
        }
        copy(data, backup);
        long size;
        try (Node node = start(new WitnessChoice.Kept());
                JuratClient client = client(node)) {
            grow(client);
            await(client, NodeWitnessTest::witnessed);
            size = client.head().size();
        }
        copy(data, newest);
        delete(data);
        copy(backup, data);

        byte[] old;
        try (Node node = start(new WitnessChoice.Kept());
                JuratClient client = client(node)) {
            Json.Obj status = client.status();
            assertEquals("read-only", text(object(status, "ledger"), "state"));
            assertTrue(
                    warnings(status).contains("witness-ahead"), warnings(status).toString());
            for (One witness : witnesses) {
                String name = witness.signer.verifier().name();
                assertTrue(
                        node.halted().orElseThrow().contains(name),
                        node.halted().toString());
                assertTrue(status.members().get("warnings").toString().contains(name), status.toString());
            }
            assertTrue(node.running());
            assertEquals(signed(backup), client.head().size(), "not even the time is written");
            assertTrue(signed(backup) < size);
            Json.Obj leaf =
                    client.get("/v1/leaves/0").without("index").without("id").without("flags");
            Json.Obj group = JsonBuilder.object()
                    .put("records", new Json.Arr(List.of(leaf)))
                    .build();
            NodeException refused =
                    assertThrows(NodeException.class, () -> client.post("/v1/groups", group, Duration.ofSeconds(5)));
            assertEquals("witness-ahead", refused.code());
            // Readable: leaves, tiles, bundles.
            client.get("/v1/leaves/0");
            old = client.bytes("/v1/bundle?all=true", 1 << 26, Duration.ofSeconds(60));
            note(node.tilesUrl() + "/checkpoint");
        }
        TrustPolicy logAlone = new TrustPolicy(log, Optional.empty(), Optional.empty());
        assertTrue(Verifier.verify(old, Optional.of(logAlone)).accepted());

        // Nobody there: the halt is remembered.
        witnesses.forEach(One::down);
        try (Node node = start(new WitnessChoice.Kept())) {
            assertTrue(node.halted().isPresent());
        }
        for (One witness : witnesses) {
            witness.up();
        }
        delete(data);
        copy(newest, data);
        try (Node node = start(new WitnessChoice.Kept());
                JuratClient client = client(node)) {
            assertTrue(node.halted().isEmpty());
            assertTrue(client.head().size() >= size);
            await(client, NodeWitnessTest::witnessed);
        }
    }

    @Test
    void twoNodesSignOneLog() throws Exception {
        Path clone = folder.resolve("clone");
        copy(folder.resolve("data"), clone);
        try (Node node = start(given());
                JuratClient client = client(node)) {
            grow(client);
            await(client, NodeWitnessTest::witnessed);
            long size = client.head().size();
            try (Node other = start(clone, given());
                    JuratClient second = client(other)) {
                assertEquals("read-only", text(object(second.status(), "ledger"), "state"));
                assertTrue(second.head().size() < size);
            }
        }
    }

    @Test
    void aWitnessThatLostItsFolderIsToldOfOnce() throws Exception {
        try (Node node = start(given());
                JuratClient client = client(node)) {
            await(client, NodeWitnessTest::witnessed);
            One forgetful = witnesses.getFirst();
            forgetful.down();
            delete(forgetful.states);
            Files.createDirectory(forgetful.states);
            forgetful.up();
            for (int i = 0; i < 3; i++) {
                grow(client);
                await(client, NodeWitnessTest::allWitnessed);
                assertTrue(warnings(client.status()).contains("witness-went-back"));
            }
        }
    }

    private static boolean allWitnessed(Json.Obj status) {
        long size = number(object(status, "ledger"), "size");
        return ((Json.Arr) object(status, "witnesses").members().get("each"))
                .items().stream().allMatch(each -> number((Json.Obj) each, "size") == size);
    }

    @Test
    void aStartWithoutItsWitnessesSaysNothing() throws Exception {
        start(given()).close();
        witnesses.forEach(One::down);
        try (Node node = start(new WitnessChoice.Kept());
                JuratClient client = client(node)) {
            Json.Obj status = client.status();
            assertEquals("unanswered", text(object(status, "witnesses"), "start"));
            assertTrue(warnings(status).contains("witness-unanswered"));
            assertEquals("running", text(object(status, "ledger"), "state"));
        }
    }

    @Test
    void aStartOvertakesAWitnessThatTakesItsTime() throws Exception {
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext("/", exchange -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2_500));
            exchange.getResponseHeaders().add("Content-Type", "text/x.tlog.size");
            exchange.sendResponseHeaders(409, 0);
            exchange.getResponseBody().write("1000000\n".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        slow.start();
        String text = "witness w " + witnesses.getFirst().signer.verifier().text() + " http://127.0.0.1:"
                + slow.getAddress().getPort() + "\nquorum w\n";
        TlogPolicy read = TlogPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
        try (Node node = start(new WitnessChoice.Given(WitnessConfig.of(read, 200)))) {
            assertTrue(node.halted().isPresent(), "it began before the witness had answered");
        } finally {
            slow.stop(0);
        }
    }

    @Test
    void aPolicyOfAnotherLogIsKept() throws Exception {
        NoteVerifier other = NoteSigner.log("other.example", SoftwareKey.generate(RandomSource.secure()))
                .verifier();
        TlogPolicy read =
                TlogPolicy.parse(policy().replace(log.text(), other.text()).getBytes(StandardCharsets.UTF_8));
        WitnessChoice foreign = new WitnessChoice.Given(WitnessConfig.of(read, 200));
        assertEquals(
                "witness-policy-log",
                assertThrows(StartException.class, () -> start(foreign)).code());
        assertFalse(Files.exists(folder.resolve("data/witnesses.json")));
        start(new WitnessChoice.Kept()).close();
    }

    /** Whoever loses the file of witnesses along with the newest leaves has decided nothing. */
    @Test
    void aLostFileOfWitnessesEndsAHalt() throws Exception {
        Path data = folder.resolve("data");
        Path backup = folder.resolve("backup");
        try (Node node = start(given());
                JuratClient client = client(node)) {
            await(client, NodeWitnessTest::witnessed);
        }
        copy(data, backup);
        try (Node node = start(new WitnessChoice.Kept());
                JuratClient client = client(node)) {
            grow(client);
            await(client, NodeWitnessTest::witnessed);
        }
        delete(data);
        copy(backup, data);
        start(new WitnessChoice.Kept()).close();
        Files.delete(data.resolve("witnesses.json"));
        for (int i = 0; i < 2; i++) {
            try (Node node = start(new WitnessChoice.Kept());
                    JuratClient client = client(node)) {
                assertTrue(node.halted().isPresent());
                assertEquals("read-only", text(object(client.status(), "ledger"), "state"));
            }
        }
        try (Node node = start(new WitnessChoice.Nobody())) {
            assertEquals(Optional.empty(), node.halted());
        }
    }

    // ---- a second line

    private static Node start(NodeConfig config) throws StartException {
        return Node.start(config, Optional.empty(), fault -> {
            throw fault;
        });
    }

    private TrustPolicy asking(String vkey) throws Exception {
        return new TrustPolicy(log, Optional.of(SecondLineKey.parse(vkey)), trust().genesis(), trust().witnesses());
    }

    private static AuditReport audited(LogSource source, TrustPolicy trust) throws Exception {
        return new LogAudit(
                        source,
                        Optional.of(trust),
                        Optional.empty(),
                        SignatureChecker.standard(),
                        Optional.empty(),
                        d -> {})
                .run((read, size) -> {});
    }

    /** Witnesses, who know the first key alone, cosign as before; every checkpoint that leaves the node has both lines, the old one first. */
    @Test
    void aSecondLineIsLostOnItsWayOrStopsAWitness() throws Exception {
        NodeConfig config = NodeConfig.of(folder.resolve("data")).with(given()).withSecondLine();
        String vkey;
        try (Node node = start(config);
                JuratClient client = client(node)) {
            await(client, NodeWitnessTest::witnessed);
            vkey = text(client.get("/v1/log"), "second");
            TrustPolicy asking = asking(vkey);
            for (String path : List.of("/checkpoint", "/witnessed/checkpoint")) {
                SignedNote served = note(node.tilesUrl() + path);
                assertTrue(log.matches(served.signatures().getFirst()), path);
                VerifiedCheckpoint.open(served, log, asking.second(), asking.cosigners());
            }
            try (HttpLog served = new HttpLog(URI.create(node.tilesUrl()), true)) {
                AuditReport report = audited(served, asking);
                assertTrue(report.clean() && report.secondLine(), report.toString());
            }
            byte[] bundle = client.bytes("/v1/bundle?all=true&witnessed=true", 1 << 26, Duration.ofSeconds(60));
            assertTrue(Verifier.verify(bundle, Optional.of(asking)).accepted());
            assertTrue(Verifier.verify(bundle, Optional.of(trust())).accepted());
            String other = new SecondLineSigner(log.name(), MlDsaKey.generate(RandomSource.secure()))
                    .verifier()
                    .text();
            Report refused = Verifier.verify(bundle, Optional.of(asking(other)));
            assertEquals(List.of("second-line-missing"), ((Report.Refused) refused).codes());
        }
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("data/keys/second.json"))));
    }

    @Test
    void aSecondLineEndsWithAStartOrChangesItsKey() throws Exception {
        Path data = folder.resolve("data");
        String vkey;
        try (Node node = start(NodeConfig.of(data).withSecondLine());
                JuratClient client = client(node)) {
            vkey = text(client.get("/v1/log"), "second");
        }
        TrustPolicy asking =
                new TrustPolicy(log, Optional.of(SecondLineKey.parse(vkey)), Optional.empty(), Optional.empty());
        // A folder without its node has no second line that could be asked for, and the report says so.
        AuditReport report = audited(FolderLog.open(data.resolve("log")), asking);
        assertTrue(report.clean() && !report.secondLine(), report.toString());
        for (NodeConfig config :
                List.of(NodeConfig.of(data), NodeConfig.of(data).withSecondLine())) {
            try (Node node = start(config);
                    JuratClient client = client(node)) {
                assertEquals(vkey, text(client.get("/v1/log"), "second"));
                VerifiedCheckpoint.open(note(node.tilesUrl() + "/checkpoint"), log, asking.second(), List.of());
            }
        }
        Files.delete(data.resolve("keys/second.json"));
        try (Node node = start(NodeConfig.of(data));
                HttpLog served = new HttpLog(URI.create(node.tilesUrl()), false)) {
            AuditReport without = audited(served, asking);
            assertEquals("second-line-missing", without.defects().getFirst().code());
        }
    }

    @Test
    void aDamagedKeyOfASecondLineIsReplacedOrPassedOver() throws Exception {
        Path data = folder.resolve("data");
        start(NodeConfig.of(data).withSecondLine()).close();
        Files.writeString(
                data.resolve("keys/second.json"), "{\"seed\":\"AAAA\",\"type\":\"https://jurat.dev/second-key/v1\"}");
        for (NodeConfig config :
                List.of(NodeConfig.of(data), NodeConfig.of(data).withSecondLine())) {
            assertEquals(
                    "key-file-seed",
                    assertThrows(StartException.class, () -> start(config)).code());
        }
    }
}
