package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTest {
    private static final LedgerKeys KEYS = new LedgerKeys(World.key("ledger"), World.key("checkpoint"));

    @TempDir
    Path folder;

    static GenesisPlan plan() {
        SoftwareKey administrator = World.key("administrator");
        return new GenesisPlan(
                "ledger.example",
                List.of(new Registered(
                        World.principal("administrator", SignerType.HUMAN),
                        SignerType.HUMAN,
                        List.of(Role.ADMINISTRATOR),
                        administrator.verifyKey().text())),
                List.of("{}".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                List.of(administrator));
    }

    private static String codeOf(ThrowingRunnable step) {
        return assertThrows(LedgerException.class, step::run).code();
    }

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws LedgerException;
    }

    @Test
    void aNewLedgerHoldsGenesisAndOpensAgain() throws Exception {
        LedgerHead head;
        try (Ledger ledger = Ledger.create(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard(), plan())) {
            head = ledger.head();
            assertEquals(1, head.size().value());
            assertEquals(head.genesis(), head.clock());
            assertTrue(head.claimed());
            assertEquals(1, ledger.artefacts().size());
        }
        try (Ledger ledger = Ledger.open(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard())) {
            assertEquals(head.root(), ledger.head().root());
        }
        assertEquals("ledger-exists", codeOf(() -> create(folder)));
    }

    /** Damage at its beginning, where SQLite sees it at once, and behind it, where it sees it later. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4096})
    void aDamagedIndexCannotBeMadeAnew(int from) throws Exception {
        create(folder);
        Path index = folder.resolve("index/ledger.sqlite");
        byte[] bytes = Files.readAllBytes(index);
        Arrays.fill(bytes, from, bytes.length, (byte) 0x5a);
        Files.write(index, bytes);
        try (Ledger ledger = Ledger.open(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard())) {
            ledger.reindex();

            assertEquals("", ledger.status().indexFault());
            RecordId genesis = ledger.head().genesis();
            assertEquals(List.of(genesis), ledger.recordsBeginning(genesis.hex().substring(0, 8), 2));
        }
    }

    @Test
    void aFileInThePlaceOfTheIndexIsDamageOfUnknownKind() throws Exception {
        create(folder);
        Path index = folder.resolve("index");
        Files.move(index, folder.resolve("away"));
        Files.writeString(index, "mine");
        LedgerException e = assertThrows(
                LedgerException.class, () -> Ledger.open(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard()));
        assertEquals("index-failed", e.code());
        assertTrue(String.valueOf(e.getMessage()).contains(index + " is no folder"), e.getMessage());
        assertTrue(e.next().contains("Move it away"), e.next());
        assertEquals("mine", Files.readString(index));
        Files.delete(index);
        Ledger.open(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard()).close();
    }

    private static void create(Path folder) throws LedgerException {
        Ledger.create(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard(), plan())
                .close();
    }

    @Test
    void aSecondLedgerOnTheFolderDoesNotStart() throws Exception {
        try (Ledger ledger = Ledger.create(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard(), plan())) {
            assertEquals(
                    "data-folder-in-use",
                    codeOf(() -> Ledger.open(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard())));
            assertEquals(LedgerStatus.State.RUNNING, ledger.status().state());
        }
    }

    @Test
    void aSecondProcessOnTheFolderDoesNotStart() throws Exception {
        try (Ledger ledger = Ledger.create(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard(), plan())) {
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            SecondProcess.class.getName(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertTrue(other.waitFor(60, TimeUnit.SECONDS));
            assertTrue(said.contains("data-folder-in-use"), said);
            assertTrue(said.contains("process " + ProcessHandle.current().pid() + " has"), said);
            assertEquals(LedgerStatus.State.RUNNING, ledger.status().state());
        }
    }

    /** Tries to open a folder and prints the code and the message. */
    static final class SecondProcess {
        private SecondProcess() {}

        public static void main(String[] arguments) throws Exception {
            LedgerException e = assertThrows(
                    LedgerException.class,
                    () -> Ledger.open(Path.of(arguments[0]), LedgerConfig.STANDARD, KEYS, LedgerPorts.standard()));
            System.out.println(e.code() + " " + e.getMessage());
        }
    }

    @Test
    void otherKeysDoNotOpenIt() throws Exception {
        create(folder);
        LedgerKeys others = new LedgerKeys(World.key("other"), World.key("checkpoint"));
        assertEquals(
                "keys-differ",
                codeOf(() -> Ledger.open(folder, LedgerConfig.STANDARD, others, LedgerPorts.standard())));
    }

    @Test
    void aFolderWithoutALedgerIsNotMadeOne() throws IOException {
        assertEquals(
                "not-a-ledger", codeOf(() -> Ledger.open(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard())));
        try (var files = Files.list(folder)) {
            assertTrue(files.allMatch(f -> f.endsWith("index")));
        }
    }

    @Test
    void anAdministratorWithoutAKeyMakesNoGenesis() {
        GenesisPlan unsigned = new GenesisPlan("ledger.example", plan().principals(), List.of(), List.of());
        assertThrows(
                IllegalArgumentException.class,
                () -> Ledger.create(folder, LedgerConfig.STANDARD, KEYS, LedgerPorts.standard(), unsigned));
    }

    @Test
    void aFolderThatWentBackDoesNotStart() throws Exception {
        World world = World.claimed();
        LedgerRig rig = new LedgerRig(world);
        FaultStorage storage = rig.seed();
        FaultStorage backup = storage.afterKill();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(world.execution().intent().sign())));
        }
        byte[] mark = storage.content("head");
        try (var file = backup.create("head")) {
            file.write(0, java.nio.ByteBuffer.wrap(mark));
        }
        assertEquals("log-went-back", codeOf(() -> rig.open(backup)));
    }

    @ParameterizedTest
    @CsvSource({
        "tile/entries/000, 5000",
        "tile/0/000, 700",
    })
    void damagedTilesDoNotStart(String path, long position) throws Exception {
        World world = World.claimed();
        LedgerRig rig = new LedgerRig(world);
        while (world.log().leaves().size() < 300) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            committed(
                    ledger.append(group(world.observation(world.point(), "last").sign())));
        }
        storage.flip(path, position);
        String code = codeOf(() -> rig.open(storage));
        assertTrue(List.of("entries-damaged", "tile-damaged").contains(code), code);
    }

    @Test
    void aFullDiskStopsIntakeUntilThereIsRoom() throws Exception {
        World world = World.claimed();
        LedgerRig rig = new LedgerRig(world);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            storage.usable(0);
            Group group = group(world.execution().intent().sign());
            GroupAnswer.Busy busy = assertInstanceOf(GroupAnswer.Busy.class, ledger.append(group));
            assertEquals("disk-full", busy.code());
            assertEquals(LedgerStatus.State.DISK_FULL, ledger.status().state());
            storage.usable(1L << 40);
            GroupAnswer answer = ledger.append(group);
            for (int i = 0; i < 100 && answer instanceof GroupAnswer.Busy; i++) {
                Thread.sleep(50);
                answer = ledger.append(group);
            }
            committed(answer);
        }
    }

    @Test
    void aFullDiskIsFilledFurtherWithArtefacts() throws Exception {
        World world = World.claimed();
        LedgerRig rig = new LedgerRig(world);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            storage.usable(0);
            Group group = group(world.execution().intent().sign());
            assertInstanceOf(GroupAnswer.Busy.class, ledger.append(group));
            int before = ledger.artefacts().size();
            Group more = new Group(group.records(), List.of("{\"a\":1}".getBytes(StandardCharsets.US_ASCII)));
            assertInstanceOf(GroupAnswer.Busy.class, ledger.append(more));
            assertEquals(before, ledger.artefacts().size());
        }
    }

    @Test
    void refusalsOfStrangersAreKeptInMemoryForEver() {
        Recent<Integer, Integer> recent = new Recent<>(3);
        for (int i = 0; i < 10; i++) {
            recent.put(i, i);
            recent.get(7);
        }
        assertEquals(java.util.Set.of(7, 8, 9), recent.keySet());
    }

    /** A ledger that takes two groups into its queue, and whose sequencer stands still until it may go on. */
    private static final class Stuck {
        private static final LedgerConfig CONFIG = new LedgerConfig(
                16 << 10,
                2,
                8 << 20,
                32,
                512,
                1 << 20,
                1 << 20,
                1 << 20,
                1024,
                1 << 20,
                100,
                10_000,
                Long.MAX_VALUE,
                Long.MAX_VALUE);

        final World world = World.claimed();
        final LedgerRig rig = new LedgerRig(world);
        final AtomicInteger checks = new AtomicInteger();
        private final CountDownLatch standing = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private int groups;

        Ledger open() throws LedgerException, IOException {
            return rig.open(rig.seed(), CONFIG, this::time, (key, message, signature) -> {
                checks.incrementAndGet();
                return LedgerRig.verifies(key, message, signature);
            });
        }

        private TimeReading time() {
            standing.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new TimeReading(rig.now.get(), rig.now.get(), "test");
        }

        Group next() {
            groups++;
            return group(world.observation(world.point(), "m" + groups).sign());
        }

        /** Offers groups until as many wait as can, once the sequencer stands still: before, it would take them from there. */
        List<Thread> full(Ledger ledger) throws InterruptedException {
            standing.await();
            List<Thread> appending = new ArrayList<>();
            for (int i = 0; i < 1000 && ledger.status().queued() < 2; i++) {
                Group group = next();
                appending.add(Thread.ofVirtual().start(() -> ledger.append(group)));
                Thread.sleep(2);
            }
            assertEquals(2, ledger.status().queued());
            return appending;
        }
    }

    @Test
    void aFullQueuePushesBack() throws Exception {
        Stuck stuck = new Stuck();
        try (Ledger ledger = stuck.open()) {
            List<Group> groups =
                    java.util.stream.Stream.generate(stuck::next).limit(8).toList();
            Thread release = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(500);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                stuck.go.countDown();
            });
            List<GroupAnswer> answers = ledger.appendAll(groups);
            release.join();
            assertTrue(answers.stream()
                    .anyMatch(a ->
                            a instanceof GroupAnswer.Busy busy && busy.code().equals("queue-full")));
            assertTrue(answers.stream().anyMatch(a -> a instanceof GroupAnswer.Committed));
        }
    }

    /** What is pushed back must cost no check: else those who come again keep it from ever being otherwise. */
    @Test
    void aGroupThatFindsNoPlaceIsCheckedAllTheSame() throws Exception {
        Stuck stuck = new Stuck();
        try (Ledger ledger = stuck.open()) {
            List<Thread> appending = stuck.full(ledger);
            int before = stuck.checks.get();
            for (int i = 0; i < 100; i++) {
                GroupAnswer.Busy busy = assertInstanceOf(GroupAnswer.Busy.class, ledger.append(stuck.next()));
                assertEquals("queue-full", busy.code());
            }
            assertEquals(before, stuck.checks.get());
            stuck.go.countDown();
            for (Thread one : appending) {
                one.join();
            }
            assertEquals(Optional.empty(), ledger.closed(), "every place is given back");
        }
    }

    @Test
    void unknownRandomKeysStillOpenNothing() {
        SoftwareKey key = SoftwareKey.generate(RandomSource.secure());
        assertThrows(IllegalArgumentException.class, () -> new LedgerKeys(key, key));
    }
}
