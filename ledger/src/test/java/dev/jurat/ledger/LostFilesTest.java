package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.testkit.World;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A data folder that has lost one thing is not taken for a new one, and what is left of it stays. */
class LostFilesTest {
    private static final LedgerRig RIG = new LedgerRig(World.claimed());
    private static final FaultStorage WHOLE = whole();
    private static final LedgerHead HEAD = head();

    /** What may be gone without keeping the log from being opened, whole. */
    private static final List<String> SPARE = List.of("head", "artefact", "body", "slots/body");

    @TempDir
    Path folder;

    private static FaultStorage whole() {
        try {
            World world = RIG.world;
            while (world.log().leaves().size() < 262) {
                world.observation(world.point(), "m" + world.log().leaves().size())
                        .admit();
            }
            FaultStorage storage = RIG.seed();
            try (Ledger ledger = RIG.open(storage)) {
                committed(ledger.append(
                        group(world.observation(world.point(), "last").sign())));
            }
            return storage;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static LedgerHead head() {
        try (Ledger ledger = RIG.open(WHOLE.afterKill())) {
            return ledger.head();
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<String> parts() {
        return Stream.concat(
                WHOLE.list("").stream(), Stream.of("slots/journal", "slots/body", "tile/entries", "tile/0"));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void aFolderThatLostSomethingIsMadeAnew(String path) throws Exception {
        untouched(path, WHOLE.without(path));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void aFolderWithSomethingEmptyIsMadeAnew(String path) throws Exception {
        untouched(path, WHOLE.emptied(path));
    }

    private static void untouched(String path, FaultStorage storage) throws Exception {
        Map<String, byte[]> before = storage.files();
        assertThrows(LedgerException.class, () -> RIG.create(storage, FolderTest.plan()), path);
        same(before, storage.files());
        try (Ledger ledger = RIG.open(storage)) {
            assertTrue(SPARE.contains(path), path);
            assertEquals(HEAD.root(), ledger.head().root());
        } catch (LedgerException e) {
            assertFalse(SPARE.contains(path) && !e.code().equals("head-damaged"), e.code());
            same(before, storage.files());
        }
        storage.putBack(path, WHOLE);
        try (Ledger ledger = RIG.open(storage)) {
            assertEquals(HEAD.root(), ledger.head().root());
            assertTrue(ledger.record(new LeafIndex(0)).isPresent());
        }
    }

    private static void same(Map<String, byte[]> before, Map<String, byte[]> after) {
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertEquals(0, java.util.Arrays.compare(bytes, after.get(name)), name));
    }

    @Test
    void aLogWithoutItsFormatIsAnEmptyFolder() {
        FaultStorage storage = WHOLE.without("format");
        LedgerException e = assertThrows(LedgerException.class, () -> RIG.create(storage, FolderTest.plan()));
        assertEquals("format-missing", e.code());
        assertEquals(
                "format-missing",
                assertThrows(LedgerException.class, () -> RIG.open(storage)).code());
    }

    @ParameterizedTest
    @CsvSource({"jurat-ledger 9, format-unknown", "jurat-ledger 10, format-unknown", "jurat, format-damaged"})
    void anotherFormatIsReadAsThisOne(String format, String code) throws Exception {
        FaultStorage storage = WHOLE.without("format");
        try (var file = storage.create("format")) {
            file.write(0, ByteBuffer.wrap((format + "\n").getBytes(StandardCharsets.US_ASCII)));
        }
        assertEquals(
                code,
                assertThrows(LedgerException.class, () -> RIG.open(storage)).code());
        assertEquals(
                code,
                assertThrows(LedgerException.class, () -> RIG.create(storage, FolderTest.plan()))
                        .code());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aCreationThatWasCutOffCannotStartOver(Fault fault) throws Exception {
        FaultStorage sound = new FaultStorage();
        RIG.create(sound, FolderTest.plan()).close();
        for (int step = 0; step < sound.steps().size(); step++) {
            String when = fault + " at " + step + ": " + sound.steps().get(step);
            FaultStorage storage = new FaultStorage().failAt(step, fault);
            try {
                RIG.create(storage, FolderTest.plan()).close();
            } catch (LedgerException | FaultStorage.Killed e) {
                storage.kill();
            }
            startOver(storage.afterKill(), when);
            for (int seed = 0; seed < 4; seed++) {
                startOver(storage.afterPowerLoss(seed), when + ", power lost " + seed);
            }
        }
    }

    static Stream<Fault> faults() {
        return Stream.of(Fault.LOST, Fault.DONE_BUT_FAILED, Fault.SHORT, Fault.KILLED);
    }

    /** As a node does: it opens what is a ledger, and makes one where there is none. */
    private static void startOver(FaultStorage storage, String when) {
        try (Ledger ledger = storage.exists("format") ? RIG.open(storage) : RIG.create(storage, FolderTest.plan())) {
            assertEquals(1, ledger.head().size().value(), when);
            assertFalse(storage.exists("creating"), when);
        } catch (LedgerException e) {
            throw new AssertionError(when + ": " + e.code() + " " + e.getMessage(), e);
        }
    }

    @Test
    void aStartWithoutTheHeadLooksLikeAnyOther() throws Exception {
        FaultStorage storage = WHOLE.without("head");
        assertFalse(guarded(storage));
        assertTrue(guarded(storage));
        FaultStorage fresh = new FaultStorage();
        try (Ledger ledger = RIG.create(fresh, FolderTest.plan())) {
            assertTrue(ledger.status().guarded());
        }
    }

    private static boolean guarded(FaultStorage storage) throws Exception {
        try (Ledger ledger = RIG.open(storage)) {
            return ledger.status().guarded();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 50, 103, 104, 107})
    void aDamagedHeadTurnsTheGuardOff(int at) throws Exception {
        FaultStorage storage = WHOLE.afterKill();
        storage.flip("head", at);
        try (Ledger ledger = RIG.open(storage)) {
            assertTrue(ledger.status().guarded(), "a write that was cut off leaves the other slot");
            assertFalse(ledger.status().headWhole(), "the damage is passed over in silence");
        }
        try (Ledger ledger = RIG.open(storage)) {
            assertTrue(ledger.status().headWhole(), "it was made whole");
        }
        FaultStorage both = WHOLE.afterKill();
        both.flip("head", at);
        both.flip("head", 4096 + at);
        Map<String, byte[]> before = both.files();
        LedgerException e = assertThrows(LedgerException.class, () -> RIG.open(both));
        assertEquals("head-damaged", e.code());
        assertTrue(e.next().contains("remove the file head"), e.next());
        same(before, both.files());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32})
    void aDamagedKeyOfTheJournalLooksLikeAJournalWithoutSegments(int at) {
        FaultStorage storage = WHOLE.afterKill();
        List<String> segments = storage.list("journal");
        segments.forEach(name -> storage.flip("slots/journal", 64 * Long.parseLong(name.substring(0, 16)) + at));
        Map<String, byte[]> before = storage.files();
        LedgerException e = assertThrows(LedgerException.class, () -> RIG.open(storage));
        assertEquals("journal-damaged", e.code());
        assertTrue(e.getMessage().contains("slots/journal is damaged"), e.getMessage());
        same(before, storage.files());
        FaultStorage empty = WHOLE.emptied("slots/journal");
        assertEquals(
                "journal-damaged",
                assertThrows(LedgerException.class, () -> RIG.open(empty)).code());
    }

    @Test
    void aHeadOfAnotherLogTurnsTheGuardOff() throws Exception {
        FaultStorage other = new FaultStorage();
        GenesisPlan plan = FolderTest.plan();
        RIG.create(other, new GenesisPlan("other.example", plan.principals(), plan.artefacts(), plan.administrators()))
                .close();
        FaultStorage storage = WHOLE.without("head");
        storage.putBack("head", other);
        assertEquals(
                "head-damaged",
                assertThrows(LedgerException.class, () -> RIG.open(storage)).code());
    }

    @Test
    void aDamagedLastCommitIsWipedAsTorn() throws Exception {
        FaultStorage storage = WHOLE.afterKill();
        String segment = "journal/" + storage.list("journal").getLast();
        byte[] content = storage.content(segment);
        int last = content.length - 1;
        while (content[last] == 0) {
            last--;
        }
        storage.flip(segment, last);
        Map<String, byte[]> before = storage.files();
        LedgerException e = assertThrows(LedgerException.class, () -> RIG.open(storage));
        assertEquals("log-went-back", e.code());
        same(before, storage.files());
    }

    @Test
    void aFolderThatIsRefusedIsWrittenTo() throws Exception {
        Files.createDirectory(folder.resolve("tile"));
        LedgerKeys keys = new LedgerKeys(World.key("ledger"), World.key("checkpoint"));
        LedgerException e = assertThrows(
                LedgerException.class,
                () -> Ledger.create(folder, LedgerConfig.STANDARD, keys, LedgerPorts.standard(), FolderTest.plan()));
        assertEquals("format-missing", e.code());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("tile")), files.toList());
        }
    }
}
