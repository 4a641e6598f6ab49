package dev.jurat.app.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.app.http.DoorLimits;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.record.RecordId;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node's folder that has lost one thing: no other log and no other keys are made in it. */
// A process has one folder for native libraries: that of the first node in it.
@ResourceLock("native libraries")
@Order(1)
class LostFilesTest {
    @TempDir
    Path folder;

    private RecordId genesis = RecordId.NONE;

    private NodeConfig config() {
        return new NodeConfig(folder.resolve("data"), 0, LedgerConfig.STANDARD, DoorLimits.USUAL);
    }

    private Node start() throws StartException {
        return Node.start(config(), Optional.empty(), fault -> {
            throw fault;
        });
    }

    private RecordId startedGenesis() throws Exception {
        try (Node node = start();
                JuratClient client = new JuratClient(node.config().socket(), Duration.ofSeconds(20))) {
            return client.head().genesis();
        }
    }

    @BeforeEach
    void aNodeThatRan() throws Exception {
        genesis = startedGenesis();
    }

    @ParameterizedTest
    @CsvSource({
        "log, log-missing",
        "keys, keys-missing",
        "keys/record.json, keys-missing",
        "keys/broker.json, keys-missing",
        "log/format, format-missing",
        "log/journal, journal-missing",
        "log/slots, journal-missing",
    })
    void whatIsGoneIsMadeAnew(String path, String code) throws Exception {
        Path lost = config().data().resolve(path);
        Path aside = folder.resolve("aside");
        boolean isFolder = Files.isDirectory(lost);
        Files.move(lost, aside);
        refused(code);
        if (code.equals("log-missing") || code.equals("keys-missing")) {
            assertEquals(
                    code,
                    assertThrows(StartException.class, () -> Maintenance.look(config().data()))
                            .code());
        }
        if (isFolder) {
            Files.createDirectory(lost);
            refused(code);
            Files.delete(lost);
        }
        Files.move(aside, lost);
        assertEquals(genesis, startedGenesis());
    }

    @Test
    void aKeyThatOthersMayReadIsUsed() throws Exception {
        Path key = config().keys().resolve("record.json");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        StartException e = assertThrows(StartException.class, this::start);

        assertEquals("key-file-open", e.code());
        assertTrue(e.next().startsWith("chmod"), e.next());
    }

    @Test
    void aFolderOfAnotherUserIsServed() throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "SKIPPED: only root can give a folder to another user");
        Path data = config().data();
        UserPrincipal mine = Files.getOwner(data);
        Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        refused("data-folder-owner");
        Files.setOwner(data, mine);
        assertEquals(genesis, startedGenesis());
    }

    /** With a key of its own in the place of the log's, a service would be refused at each call while all looks well. */
    @ParameterizedTest
    @ValueSource(strings = {"record", "checkpoint", "governor", "broker"})
    void anotherKeyIsTakenForTheLogs(String name) throws Exception {
        Path mine = config().keys().resolve(name + ".json");
        byte[] before = Files.readAllBytes(mine);
        KeyFile own = KeyFile.read(mine);
        Files.delete(mine);
        new KeyFile(own.principal(), own.type(), SoftwareKey.generate(RandomSource.secure())).write(mine);
        assertEquals(
                "keys-differ", assertThrows(StartException.class, this::start).code());
        assertEquals("keys-differ", looked().code());
        Files.write(mine, before);
        Maintenance.look(config().data());
        assertEquals(genesis, startedGenesis());
    }

    /** Each is a key that the log names: not for this service. */
    @Test
    void theFilesOfTwoServicesAreSwapped() throws Exception {
        Path governor = config().keys().resolve("governor.json");
        Path broker = config().keys().resolve("broker.json");
        swap(governor, broker);
        refused("keys-differ");
        StartException e = looked();
        assertEquals("keys-differ", e.code());
        assertTrue(String.valueOf(e.getMessage()).endsWith(": it is the broker's"), e.getMessage());
        assertTrue(e.next().endsWith("this one is broker.json"), e.next());
        swap(governor, broker);
        assertEquals(genesis, startedGenesis());
    }

    private void swap(Path one, Path other) throws IOException {
        Path aside = folder.resolve("aside");
        Files.move(one, aside);
        Files.move(other, one);
        Files.move(aside, other);
    }

    /** What a look at the folder says, which leaves all of it as it is. */
    private StartException looked() throws IOException {
        Map<Path, Long> before = files();
        StartException e = assertThrows(StartException.class, () -> Maintenance.look(config().data()));
        assertEquals(before, files());
        return e;
    }

    @Test
    void aClockThatWasSetBackIsNotToldOf() {
        long now = 1_795_262_400_000L;
        assertTrue(StatusView.clock(now + 1_000, now).isEmpty());
        assertTrue(StatusView.clock(now - 7_197_000, now).isEmpty());
        StatusView.Warning warning = StatusView.clock(now + 7_197_000, now).orElseThrow();
        assertEquals("clock-ahead", warning.code());
        assertTrue(warning.text().contains("7,197 s ahead"), warning.text());
    }

    @Test
    void aStartWithoutTheHeadLooksLikeAnyOther() throws Exception {
        Files.delete(config().log().resolve("head"));
        assertTrue(warnings().contains("no guard at this start"));
        assertFalse(warnings().contains("no guard at this start"));
        byte[] head = Files.readAllBytes(config().log().resolve("head"));
        head[4096 + 50] ^= 1;
        Files.write(config().log().resolve("head"), head);
        assertTrue(warnings().contains("half a guard at this start"));
        assertFalse(warnings().contains("half a guard at this start"));
        Files.write(config().log().resolve("head"), new byte[0]);
        refused("head-damaged");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nobodyHearsOfADamagedArtefact(boolean gone) throws Exception {
        Hash digest = ShippedPolicies.starter().digest();
        Path file = config().log().resolve("artefact/" + digest.hex().substring(0, 2) + "/" + digest.hex());
        try (Node node = start();
                JuratClient client = new JuratClient(node.config().socket(), Duration.ofSeconds(20))) {
            assertFalse(client.status().toString().contains("artefact-damaged"));
            if (gone) {
                Files.delete(file);
            } else {
                Files.write(file, new byte[] {1});
            }
            String warnings = client.status().members().get("warnings").toString();
            assertTrue(warnings.contains("artefact-damaged") && warnings.contains("the policy starter@v1"), warnings);
            assertTrue(warnings.contains(file.toString()), warnings);
        }
        assertFalse(warnings().contains("artefact-damaged"), "what comes with Jurat is stored again");
        assertEquals(digest, Hash.of(Files.readAllBytes(file)));
    }

    private String warnings() throws Exception {
        try (Node node = start();
                JuratClient client = new JuratClient(node.config().socket(), Duration.ofSeconds(20))) {
            String warnings = client.status().members().get("warnings").toString();
            assertEquals(node.guarded(), !warnings.contains("no guard"));
            return warnings;
        }
    }

    private void refused(String code) throws IOException {
        Map<Path, Long> before = files();
        StartException e = assertThrows(StartException.class, this::start);
        assertEquals(code, e.code());
        assertEquals(before, files());
    }

    /** Without the lock: whoever takes it writes into it who has it. */
    private Map<Path, Long> files() throws IOException {
        Map<Path, Long> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(config().data())) {
            for (Path file : all.filter(f -> !f.endsWith("index") && !f.endsWith("log/lock"))
                    .toList()) {
                if (Files.isRegularFile(file)) {
                    found.put(file, Files.getLastModifiedTime(file).toMillis());
                }
            }
        }
        return found;
    }

    @Test
    void aFirstStartThatWasCutOffIsNotTakenUpAgain() throws Exception {
        NodeConfig fresh = new NodeConfig(folder.resolve("other"), 0, LedgerConfig.STANDARD, DoorLimits.USUAL);
        assertTrue(Node.makesGenesis(fresh));
        Files.createDirectories(fresh.log());
        Files.createFile(fresh.log().resolve("creating"));
        Files.createDirectory(fresh.keys());
        Files.copy(
                config().keys().resolve("record.json"),
                fresh.keys().resolve("record.json"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        assertTrue(Node.makesGenesis(fresh));
        try (Node node = Node.start(fresh, Optional.empty(), fault -> {})) {
            assertTrue(node.running());
        }
        assertTrue(Files.notExists(fresh.log().resolve("creating")));
    }
}
