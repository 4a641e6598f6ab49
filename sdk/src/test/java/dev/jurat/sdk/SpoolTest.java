package dev.jurat.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignerType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session leaves behind for the next one. */
class SpoolTest {
    @TempDir
    Path folder;

    private final Session session = Session.prepare(
            KeyFile.generate("system", SignerType.SERVICE, RandomSource.secure()),
            RecordId.NONE,
            RandomSource.secure());

    private Entry use() {
        return use(new byte[0]);
    }

    private Entry use(byte[] large) {
        String proof = java.util.Base64.getEncoder().encodeToString(new byte[64]);
        ExecutionFacts.Use facts = new ExecutionFacts.Use(Hash.ZERO, 1, "0".repeat(32), proof, 1000, 1000, Map.of());
        return session.sign(
                salt -> facts,
                References.of("identity", RecordId.NONE),
                RecordId.NONE,
                JsonBuilder.object()
                        .put("x", java.util.Base64.getEncoder().encodeToString(large))
                        .build());
    }

    private Entry outcome(Entry use) {
        ExecutionFacts.Outcome facts = new ExecutionFacts.Outcome(ExecutionFacts.Result.SUCCESS, Optional.empty(), 0);
        return session.sign(
                salt -> facts,
                References.of("use", use.record().id()),
                RecordId.NONE,
                JsonBuilder.object().build());
    }

    private static Receipt receipt(Entry entry, Receipt.Status status) {
        return new Receipt(
                RecordId.NONE, List.of(new Receipt.Result(entry.record().id(), status, "", List.of())));
    }

    private List<Spool> free() throws Exception {
        return Spool.takeFree(folder, (path, why) -> {
            throw new AssertionError(path + " " + why);
        });
    }

    private Spool reopened() throws Exception {
        return free().getFirst();
    }

    @Test
    void whatWasKeptIsThereForTheNextProcess() throws Exception {
        Entry first = use();
        Entry second = use();
        try (Spool spool = Spool.open(folder, "a")) {
            spool.keep(List.of(first));
            spool.keep(List.of(second));
            spool.settle(receipt(first, Receipt.Status.ADMITTED));
        }
        try (Spool spool = reopened()) {
            assertEquals(
                    List.of(second.record()),
                    spool.unsettled().stream().map(Spool.Kept::record).toList());
            assertEquals(
                    List.of(first.record()),
                    spool.openUses().stream().map(Entry::record).toList());
            assertEquals(
                    second.body().orElseThrow().digest(),
                    spool.read(spool.unsettled().getFirst())
                            .body()
                            .orElseThrow()
                            .digest());
        }
    }

    @Test
    void outcomeClosesItsUseAndARefusedUseIsNone() throws Exception {
        Entry use = use();
        Entry outcome = outcome(use);
        Entry refused = use();
        try (Spool spool = Spool.open(folder, "a")) {
            spool.keep(List.of(use, outcome, refused));
            spool.settle(receipt(use, Receipt.Status.PRESENT));
            spool.settle(receipt(outcome, Receipt.Status.ADMITTED));
            spool.settle(receipt(refused, Receipt.Status.REFUSED));
        }
        try (Spool spool = reopened()) {
            assertTrue(spool.unsettled().isEmpty() && spool.openUses().isEmpty());
        }
    }

    /** What a crash left of the last line; its parts reach the disk in any order. */
    @ParameterizedTest
    @MethodSource("tornLines")
    void lineCutShortByACrashIsPassedOver(String torn) throws Exception {
        try (Spool spool = Spool.open(folder, "a")) {
            spool.keep(List.of(use()));
        }
        writeBehindTheLines("a", torn);
        try (Spool spool = reopened()) {
            assertEquals(1, spool.unsettled().size());
            spool.keep(List.of(use()));
        }
        try (Spool spool = reopened()) {
            assertEquals(2, spool.unsettled().size());
        }
    }

    static List<String> tornLines() {
        String begun = "{\"records\":[{\"bo";
        return List.of(begun, begun + "x".repeat(300_000), begun + "\0".repeat(600) + "]}\n");
    }

    private void writeBehindTheLines(String session, String text) throws IOException {
        Path records = folder.resolve(session).resolve("records");
        String lines = Files.readString(records, StandardCharsets.US_ASCII);
        Files.writeString(records, lines.substring(0, lines.indexOf('\0')) + text, StandardCharsets.US_ASCII);
    }

    @Test
    void linesGoOnBeyondWhatWasWrittenAhead() throws Exception {
        int count = 400;
        try (Spool spool = Spool.open(folder, "a")) {
            for (int i = 0; i < count; i++) {
                spool.keep(List.of(use()));
            }
            assertTrue(Files.size(folder.resolve("a/records")) > 256 << 10);
        }
        try (Spool spool = reopened()) {
            assertEquals(count, spool.unsettled().size());
        }
    }

    /** What a person or a bad disk put behind the lines. */
    @Test
    void anUnreadableSpoolKeepsTheOthersFromBeingTaken() throws Exception {
        try (Spool bad = Spool.open(folder, "a");
                Spool good = Spool.open(folder, "b")) {
            bad.keep(List.of(use()));
            good.keep(List.of(use()));
        }
        writeBehindTheLines("a", "{\"a\"\n");
        List<String> told = new java.util.ArrayList<>();
        for (Spool spool : Spool.takeFree(folder, (path, why) -> told.add(path.getFileName() + " " + why))) {
            try (spool) {
                assertEquals(folder.resolve("b"), spool.folder());
            }
        }
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().startsWith(".unreadable-a json-syntax"), told.toString());
        assertEquals(List.of(".unreadable-a"), Spool.unreadable(folder));
        try (Spool again = reopened()) {
            assertEquals(1, again.unsettled().size());
        }
    }

    /** One call never ends, and others go on. */
    @Test
    void anOpenUseMakesTheFileGrowForEver() throws Exception {
        Entry open = use();
        byte[] large = new byte[700_000];
        try (Spool spool = Spool.open(folder, "a")) {
            spool.keep(List.of(open));
            spool.settle(receipt(open, Receipt.Status.ADMITTED));
            for (int i = 0; i < 40; i++) {
                Entry use = use(large);
                Entry outcome = outcome(use);
                spool.keep(List.of(use));
                spool.settle(receipt(use, Receipt.Status.ADMITTED));
                spool.keep(List.of(outcome));
                spool.settle(receipt(outcome, Receipt.Status.ADMITTED));
            }
            spool.keep(List.of(use(large)));
            assertTrue(Files.size(folder.resolve("a/records")) < 8 << 20);
        }
        try (Spool spool = reopened()) {
            assertEquals(
                    List.of(open.record()),
                    spool.openUses().stream().map(Entry::record).toList());
            assertEquals(1, spool.unsettled().size());
            assertTrue(spool.read(spool.unsettled().getFirst()).body().isPresent());
        }
    }

    /** The ledger was away for long: many groups are unanswered when the file is written anew. */
    @Test
    void whatIsUnansweredMakesALineThatIsTooLong() throws Exception {
        Entry first = use();
        byte[] large = new byte[1_000_000];
        try (Spool spool = Spool.open(folder, "a")) {
            spool.keep(List.of(first));
            for (int i = 0; i < 14; i++) {
                spool.keep(List.of(use(large)));
            }
            spool.settle(receipt(first, Receipt.Status.ADMITTED));
        }
        try (Spool spool = reopened()) {
            assertEquals(14, spool.unsettled().size());
            assertEquals(1, spool.openUses().size());
        }
    }

    /** Closing any descriptor of a file drops the locks that the process has on it. */
    @Test
    void aLookForFreeSpoolsGivesUpTheOwnOne() throws Exception {
        try (Spool own = Spool.open(folder, "a")) {
            assertTrue(free().isEmpty());
            Process other = new ProcessBuilder(
                            "python3",
                            "-c",
                            "import fcntl,sys\nf=open(sys.argv[1],'r+')\n"
                                    + "try: fcntl.lockf(f,fcntl.LOCK_EX|fcntl.LOCK_NB)\nexcept OSError: sys.exit(7)",
                            own.folder().resolve("lock").toString())
                    .start();
            assertEquals(7, other.waitFor(), "another process got the lock");
        }
    }

    @Test
    void spoolOfALivingSessionIsNotTaken() throws Exception {
        try (Spool spool = Spool.open(folder, "a")) {
            assertTrue(free().isEmpty());
            assertThrows(IOException.class, () -> Spool.open(folder, "a"));
            spool.discard();
        }
        assertFalse(Files.exists(folder.resolve("a")));
    }

    @Test
    void startersAtOnceNeitherTakeALivingSpoolNorFailOverOneThatIsCleared() throws Exception {
        List<Throwable> faults = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        List<Thread> starters = new java.util.ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int starter = t;
            starters.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 50; i++) {
                        Spool own = Spool.open(folder, starter + "-" + i);
                        for (Spool free : free()) {
                            free.discard();
                        }
                        assertTrue(Files.exists(folder.resolve(starter + "-" + i)));
                        own.close();
                    }
                } catch (Exception | AssertionError e) {
                    faults.add(e);
                }
            }));
        }
        for (Thread starter : starters) {
            starter.join();
        }
        assertEquals(List.of(), faults);
    }
}
