package dev.jurat.ledger.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.proof.crypto.RandomSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalTest {
    private static final int SEGMENT = 4096;

    private final RandomSource random = new Random(7)::nextBytes;

    @Test
    void framesComeBackInOrderAcrossSegments() throws Exception {
        FaultStorage storage = new FaultStorage();
        write(storage, 20);
        assertTrue(storage.list("journal").size() > 2, "rotated");
        assertEquals(20, read(storage).size());
        assertEquals("payload 19", text(read(storage).get(19)));
    }

    @Test
    void plaintextIsNotOnTheDisk() throws Exception {
        FaultStorage storage = new FaultStorage();
        write(storage, 3);
        assertFalse(anyFileHolds(storage, "payload"));
    }

    @Test
    void tornTailIsRemovedAndWritingGoesOn() throws Exception {
        FaultStorage storage = new FaultStorage();
        Journal journal = write(storage, 3);
        storage.failAt(0, Fault.SHORT);
        assertThrows(IOException.class, () -> journal.append(frame(3)));
        FaultStorage after = storage.afterKill();
        List<Frame> frames = new ArrayList<>();
        Journal again = Journal.open(after, random, SEGMENT, frames::add);
        assertEquals(3, frames.size());
        again.append(frame(3));
        assertEquals(4, read(after).size());
    }

    @Test
    void damageBeforeTheTailStopsOpening() throws Exception {
        for (int at = Segment.HEAD_BYTES; at < Segment.HEAD_BYTES + 60; at += 7) {
            FaultStorage storage = new FaultStorage();
            write(storage, 3);
            storage.flip("journal/0000000000000000.wal", at);
            StorageException e = assertThrows(StorageException.class, () -> read(storage));
            assertEquals("journal-damaged", e.code());
        }
    }

    @Test
    void damageInAnEarlierSegmentStopsOpening() throws Exception {
        FaultStorage storage = new FaultStorage();
        write(storage, 20);
        String first = "journal/0000000000000000.wal";
        byte[] content = storage.content(first);
        int lastFrame = 0;
        for (int at = 0; at < content.length; at += FrameCodec.ALIGN) {
            if (content[at + 3] != 0) {
                lastFrame = at;
            }
        }
        storage.flip(first, lastFrame + 50);
        assertEquals(
                "journal-damaged",
                assertThrows(StorageException.class, () -> read(storage)).code());
    }

    @Test
    void missingSegmentStopsOpening() throws Exception {
        FaultStorage storage = new FaultStorage();
        write(storage, 30);
        storage.delete("journal/0000000000000001.wal");
        assertEquals(
                "journal-damaged",
                assertThrows(StorageException.class, () -> read(storage)).code());
    }

    @Test
    void trimmedSegmentsAreGoneWithTheirKeys() throws Exception {
        FaultStorage storage = new FaultStorage();
        Journal journal = write(storage, 40);
        byte[] slotsBefore = storage.content(SegmentKeys.PATH);
        journal.trim(30);
        byte[] slots = storage.content(SegmentKeys.PATH);
        assertFalse(storage.exists("journal/0000000000000000.wal"));
        assertTrue(slotsBefore[0] != 0 || slotsBefore[1] != 0);
        assertArrayEquals(new byte[32], java.util.Arrays.copyOf(slots, 32));
        List<Frame> left = read(storage);
        assertTrue(left.getFirst().firstIndex() <= 30 && left.getLast().firstIndex() == 39);
    }

    @Test
    void rewriteLeavesOnlyWhatItWasGiven() throws Exception {
        FaultStorage storage = new FaultStorage();
        Journal journal = write(storage, 20);
        journal.rewrite(List.of(frame(18), frame(19)));
        journal.append(frame(20));
        assertEquals(
                List.of("payload 18", "payload 19", "payload 20"),
                read(storage).stream().map(JournalTest::text).toList());
        assertEquals(1, storage.list("journal").size());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST", "DONE_BUT_FAILED", "SHORT", "KILLED"})
    void acknowledgedFramesSurviveAFaultAtEveryStep(Fault fault) throws Exception {
        int steps = stepsOfALoad();
        for (int step = 0; step < steps; step++) {
            FaultStorage storage = new FaultStorage();
            Journal journal = Journal.create(storage, random, SEGMENT);
            storage.failAt(step, fault);
            List<Integer> acknowledged = new ArrayList<>();
            runLoad(journal, acknowledged);
            check(storage.afterPowerLoss(step), acknowledged, fault + " at step " + step);
            check(storage.afterKill(), acknowledged, fault + " at step " + step + ", no power loss");
        }
    }

    private void check(FaultStorage after, List<Integer> acknowledged, String when) throws Exception {
        List<Integer> found = read(after).stream()
                .map(f -> (int) f.firstIndex())
                .filter(i -> i >= trimmed(acknowledged))
                .toList();
        List<Integer> wanted =
                acknowledged.stream().filter(i -> i >= trimmed(acknowledged)).toList();
        assertTrue(found.size() >= wanted.size(), when + ": lost " + wanted + " found " + found);
        assertTrue(found.size() <= wanted.size() + 1, when + ": made up " + found);
        assertEquals(wanted, found.subList(0, wanted.size()), when);
    }

    private static int trimmed(List<Integer> acknowledged) {
        return acknowledged.size() > 10 ? 10 : 0;
    }

    private int stepsOfALoad() throws Exception {
        FaultStorage storage = new FaultStorage();
        Journal journal = Journal.create(storage, random, SEGMENT);
        int before = storage.steps().size();
        runLoad(journal, new ArrayList<>());
        return storage.steps().size() - before;
    }

    private static void runLoad(Journal journal, List<Integer> acknowledged) {
        try {
            for (int i = 0; i < 24; i++) {
                journal.append(frame(i));
                acknowledged.add(i);
                if (i == 11) {
                    journal.trim(10);
                }
            }
        } catch (IOException | FaultStorage.Killed e) {
            return;
        }
    }

    private Journal write(Storage storage, int count) throws IOException {
        Journal journal = Journal.create(storage, random, SEGMENT);
        for (int i = 0; i < count; i++) {
            journal.append(frame(i));
        }
        return journal;
    }

    private List<Frame> read(Storage storage) throws IOException, StorageException {
        List<Frame> frames = new ArrayList<>();
        Journal.open(storage, random, SEGMENT, frames::add).close();
        return frames;
    }

    private static boolean anyFileHolds(FaultStorage storage, String text) {
        return storage.files().values().stream()
                .anyMatch(b -> new String(b, StandardCharsets.ISO_8859_1).contains(text));
    }

    private static Frame frame(int index) {
        String padded = "payload " + index + "\0".repeat(index % 7 * 130);
        return new Frame(index, 1, padded.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Frame frame) {
        return new String(frame.payload(), StandardCharsets.UTF_8).replace("\0", "");
    }
}
