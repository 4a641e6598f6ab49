package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backup has, what it must not have, and what becomes of it. */
class BackupTest {
    private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    @TempDir
    Path folder;

    private Path log;
    private int slots;

    @BeforeEach
    void make() throws Exception {
        while (world.log().leaves().size() < 530) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
        log = Files.createDirectory(folder.resolve("log"));
        rig.seed(new DiskStorage(log));
    }

    private Ledger open(Path data) throws LedgerException {
        TimeSource time = () -> new TimeReading(rig.now.get(), rig.now.get() + 5, "test");
        return Ledger.open(
                data,
                LedgerRig.CONFIG,
                new LedgerKeys(World.key("ledger"), world.checkpointKey()),
                new LedgerPorts(time, RandomSource.secure(), SignatureProvider.fastest()));
    }

    private Path keys() throws IOException {
        slots++;
        return Files.createDirectories(folder.resolve("keys").resolve("slots-" + slots));
    }

    private Path to() throws IOException {
        return Files.createDirectories(folder.resolve("backup"));
    }

    private Path backup(Ledger ledger) throws Exception {
        Path keys = keys();
        ledger.backup(to(), Optional.of(new Ledger.Keys(keys, LATER)));
        return keys;
    }

    private Path restored(Optional<Path> keys) throws Exception {
        Path data = folder.resolve("restored-" + System.nanoTime());
        Ledger.restore(folder.resolve("backup"), keys, data, LedgerRig.CONFIG);
        return data;
    }

    private void observe(Ledger ledger, String name) {
        committed(ledger.append(group(world.observation(world.point(), name).sign())));
    }

    private static void awaitSealed(Ledger ledger, long size) throws Exception {
        while (ledger.status().sealed() < size) {
            Thread.sleep(5);
        }
    }

    private static Set<Long> bodies(Ledger ledger) throws Exception {
        Set<Long> found = new TreeSet<>();
        for (long i = 0; i < ledger.head().size().value(); i++) {
            StoredRecord record = ledger.record(new LeafIndex(i)).orElseThrow();
            assertFalse(record.bodyDamaged(), "record " + i);
            if (record.body().isPresent()) {
                found.add(i);
            }
        }
        return found;
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return all;
    }

    @Test
    void aRestoredLogIsAnotherOne() throws Exception {
        Path keys;
        Set<Long> bodies;
        LedgerHead head;
        try (Ledger ledger = open(log)) {
            awaitSealed(ledger, 512);
            keys = backup(ledger);
            head = ledger.head();
            bodies = bodies(ledger);
        }
        try (Ledger ledger = open(restored(Optional.of(keys)))) {
            assertEquals(head.root(), ledger.head().root());
            assertEquals(head.size(), ledger.head().size());
            assertEquals(bodies, bodies(ledger));
            assertEquals(
                    ledger.artefacts(),
                    List.copyOf(
                            world.log().artefacts().keySet().stream().sorted().toList()));
            assertTrue(ledger.status().guarded() && ledger.status().headWhole());
            observe(ledger, "after");
        }
        LedgerException again = assertThrows(
                LedgerException.class,
                () -> Ledger.restore(folder.resolve("backup"), Optional.empty(), log, LedgerRig.CONFIG));
        assertEquals("ledger-exists", again.code());
    }

    @Test
    void aBackupWithoutKeysShowsABodyOrLacksALeaf() throws Exception {
        LedgerHead head;
        try (Ledger ledger = open(log)) {
            awaitSealed(ledger, 512);
            backup(ledger);
            head = ledger.head();
        }
        for (Map.Entry<String, byte[]> file : files(folder.resolve("backup")).entrySet()) {
            String text = new String(file.getValue(), StandardCharsets.ISO_8859_1);
            assertFalse(file.getKey().startsWith("slots"), file.getKey());
            assertFalse(text.contains("\"bytes\":"), "a body in the clear: " + file.getKey());
        }
        try (Ledger ledger = open(restored(Optional.empty()))) {
            assertEquals(head.root(), ledger.head().root());
            assertEquals(Set.of(), bodies(ledger));
            assertEquals(List.of(), ledger.status().damagedBodies());
            assertTrue(ledger.erasureOf(new LeafIndex(100)).isEmpty(), "lost is not erased");
        }
    }

    @Test
    void anErasedBodyComesBackWithOldKeys() throws Exception {
        Path old;
        Set<Long> left;
        long tail;
        try (Ledger ledger = open(log)) {
            awaitSealed(ledger, 512);
            old = backup(ledger);
            tail = ledger.head().size().value() - 1;
            LedgerRig.erase(ledger, 100, tail);
            left = bodies(ledger);
            ledger.backup(to(), Optional.empty());
        }
        Path data = restored(Optional.of(old));
        try (Ledger ledger = open(data)) {
            assertEquals(left, bodies(ledger));
            assertTrue(ledger.erasureOf(new LeafIndex(100)).isPresent());
            assertTrue(ledger.erasureOf(new LeafIndex(tail)).isPresent());
        }
        try (Ledger ledger = open(data)) {
            assertEquals(left, bodies(ledger));
        }
    }

    @Test
    void keysOfAnotherTimeGiveOtherBodies() throws Exception {
        Path old;
        Set<Long> then;
        Path newer;
        try (Ledger ledger = open(log)) {
            awaitSealed(ledger, 512);
            old = backup(ledger);
            then = bodies(ledger);
            for (int i = 0; i < 260; i++) {
                observe(ledger, "n" + i);
            }
            awaitSealed(ledger, 768);
            ledger.backup(to(), Optional.empty());
        }
        try (Ledger ledger = open(restored(Optional.of(old)))) {
            assertEquals(then, bodies(ledger), "older keys: what came after has no body");
        }
        try (Ledger ledger = open(log)) {
            newer = keys();
            Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
            ledger.backup(elsewhere, Optional.of(new Ledger.Keys(newer, LATER)));
            Set<Long> all = bodies(ledger);
            try (Ledger again = open(restored(Optional.of(newer)))) {
                assertEquals(
                        all.stream()
                                .filter(i -> i < again.head().size().value())
                                .collect(Collectors.toSet()),
                        bodies(again),
                        "newer keys than the backup");
            }
        }
    }

    @Test
    void aSecondBackupCopiesEverythingAgain() throws Exception {
        try (Ledger ledger = open(log)) {
            awaitSealed(ledger, 512);
            ledger.backup(to(), Optional.empty());
            Path pack = to().resolve("body/000");
            Path tile = to().resolve("tile/entries/000");
            long before = Files.size(pack);
            Object packTime = Files.getAttribute(pack, "unix:ino");
            Object tileTime = Files.getAttribute(tile, "unix:ino");
            observe(ledger, "more");
            ledger.backup(to(), Optional.empty());
            assertEquals(packTime, Files.getAttribute(pack, "unix:ino"));
            LedgerRig.erase(ledger, 100);
            while (ledger.status().packsToCompact() > 0) {
                Thread.sleep(5);
            }
            ledger.backup(to(), Optional.empty());
            assertEquals(tileTime, Files.getAttribute(tile, "unix:ino"));
            assertTrue(Files.size(pack) < before, "the bytes of an erased body stay in the backup");
            assertEquals(2, files(to().resolve("tail")).size(), "old tails stay");
        }
        try (Ledger ledger = open(restored(Optional.empty()))) {
            assertTrue(ledger.erasureOf(new LeafIndex(100)).isPresent());
        }
    }

    @Test
    void aBackupThatIsNotWholeIsRestored() throws Exception {
        try (Ledger ledger = open(log)) {
            awaitSealed(ledger, 512);
            backup(ledger);
        }
        Path backup = folder.resolve("backup");
        Map<String, byte[]> sound = files(backup);
        for (String gone : List.of("backup.json", "tile/entries/001", "tile/0/000", "tail/530", "tail/530-bodies")) {
            assertTrue(sound.containsKey(gone), gone + " of " + sound.keySet());
            Files.delete(backup.resolve(gone));
            LedgerException refused = assertThrows(LedgerException.class, () -> restored(Optional.empty()), gone);
            assertEquals(gone.equals("backup.json") ? "backup-missing" : "backup-damaged", refused.code(), gone);
            Files.write(backup.resolve(gone), sound.get(gone));
        }
        Files.write(backup.resolve("tail/530"), new byte[] {0, 0, 0, 9, 1});
        assertEquals(
                "backup-damaged",
                assertThrows(LedgerException.class, () -> restored(Optional.empty()))
                        .code());
        Files.write(backup.resolve("tail/530"), sound.get("tail/530"));
        byte[] leaf = sound.get("tile/entries/000").clone();
        leaf[5000] ^= 1;
        Files.write(backup.resolve("tile/entries/000"), leaf);
        Path data = restored(Optional.empty());
        assertThrows(LedgerException.class, () -> open(data).close(), "a changed leaf is opened");
    }

    @Test
    void keysOfAnotherLogAreTaken() throws Exception {
        try (Ledger ledger = open(log)) {
            backup(ledger);
        }
        Path nothing = Files.createDirectories(folder.resolve("nothing"));
        assertEquals(
                "slots-foreign",
                assertThrows(LedgerException.class, () -> restored(Optional.of(nothing)))
                        .code());
        World other = World.unclaimed();
        Path second = Files.createDirectory(folder.resolve("second"));
        new LedgerRig(other).seed(new DiskStorage(second));
        try (Ledger ledger = open(second)) {
            LedgerException refused = assertThrows(LedgerException.class, () -> ledger.backup(to(), Optional.empty()));
            assertEquals("backup-foreign", refused.code());
        }
    }

    @Test
    void othersMayReadABackupOrARestoredLog() throws Exception {
        Path keys;
        try (Ledger ledger = open(log)) {
            awaitSealed(ledger, 512);
            keys = backup(ledger);
        }
        Path data = restored(Optional.of(keys));
        open(data).close();
        for (Path of : List.of(folder.resolve("backup"), keys, data)) {
            try (var all = Files.walk(of)) {
                for (Path one :
                        all.filter(p -> !p.equals(of) || of.equals(data)).toList()) {
                    boolean index = one.startsWith(data.resolve("index"));
                    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(one));
                    assertTrue(index || mode.endsWith("------"), one + " is " + mode);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostFileOfKeysLooksLikeKeysThatWereNotBroughtAlong(boolean keyed) throws Exception {
        Path keys;
        try (Ledger ledger = open(log)) {
            awaitSealed(ledger, 512);
            LedgerRig.erase(ledger, 100);
            while (ledger.status().packsToCompact() > 0) {
                Thread.sleep(5);
            }
            keys = backup(ledger);
        }
        Path data = restored(keyed ? Optional.of(keys) : Optional.empty());
        try (Ledger ledger = open(data)) {
            assertEquals(List.of(), ledger.status().damagedBodies());
        }
        Files.delete(data.resolve("slots/body/000"));
        Set<Long> lost = new TreeSet<>();
        try (Ledger ledger = open(data)) {
            lost.addAll(ledger.status().damagedBodies());
            for (long i = 0; i < 256; i++) {
                StoredRecord record = ledger.record(new LeafIndex(i)).orElseThrow();
                boolean gone = keyed && record.record().kind().hasBody() && i != 100;
                assertEquals(gone, record.bodyDamaged(), "record " + i);
                assertEquals(gone, lost.contains(i), "record " + i);
            }
            assertEquals(keyed, !lost.isEmpty());
        }
        FolderLog files = FolderLog.open(data);
        assertEquals(keyed, files.isHalfGone(101), "what an audit is told");
        assertFalse(files.isHalfGone(100), "it was erased");
    }

    /** Whoever reads the keys' folder later must find out until when they may be kept. */
    @Test
    void theTimeOfCopiedKeysIsNotWritten() throws Exception {
        try (Ledger ledger = open(log)) {
            Path keys = backup(ledger);
            assertArrayEquals(
                    (LATER + "\n").getBytes(StandardCharsets.US_ASCII), Files.readAllBytes(keys.resolve("not-after")));
        }
    }
}
