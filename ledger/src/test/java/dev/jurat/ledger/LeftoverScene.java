package dev.jurat.ledger;

import dev.jurat.ledger.journal.Frame;
import dev.jurat.ledger.journal.Journal;
import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.crypto.RandomSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A journal that was written anew, with the segments before it still there, is opened and goes on through every slot once more. */
final class LeftoverScene extends Scene {
    private static final int SEGMENT = 4096;
    private static final int SLOTS = 1024;
    private static final RandomSource RANDOM = new Random(4)::nextBytes;

    private final List<Integer> acknowledged = new ArrayList<>(List.of(0, 1, 2));
    private int kept;

    LeftoverScene() {
        super(left());
    }

    private static FaultStorage left() {
        FaultStorage storage = new FaultStorage();
        try (Journal journal = Journal.create(storage, RANDOM, SEGMENT)) {
            for (int i = 0; i < 3; i++) {
                journal.append(frame(i));
            }
            storage.watching(() -> {
                if (storage.steps().getLast().startsWith("rename journal/new.tmp")) {
                    storage.killAt(1);
                }
            });
            journal.rewrite(List.of(frame(0), frame(1), frame(2)));
            throw new IllegalStateException("not killed");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (FaultStorage.Killed e) {
            return storage.afterKill();
        }
    }

    private static Frame frame(int index) {
        return new Frame(index, 1, new byte[3000]);
    }

    @Override
    void play() throws Exception {
        byte[] before = storage.content("slots/journal");
        try (Journal journal = Journal.open(storage, RANDOM, SEGMENT, frame -> {})) {
            for (int slot = 0; slot < 3; slot++) {
                destroyed(Arrays.copyOfRange(before, slot * 64, slot * 64 + 32));
            }
            answered();
            for (int i = 3; i < SLOTS + 3; i++) {
                Runnable watching = answering;
                answering = i % 256 == 0 || i > SLOTS - 4 ? watching : () -> {};
                journal.append(frame(i));
                acknowledged.add(i);
                kept = i;
                journal.trim(i);
                answered();
                answering = watching;
            }
        }
    }

    @Override
    void again() throws Exception {
        try (Journal journal = Journal.open(storage.restarted(), RANDOM, SEGMENT, frame -> {})) {
            answered();
        }
    }

    @Override
    Optional<String> missing(FaultStorage left) throws Exception {
        List<Integer> found = new ArrayList<>();
        Journal.open(left, RANDOM, SEGMENT, frame -> found.add((int) frame.firstIndex()))
                .close();
        List<Integer> wanted = acknowledged.subList(kept, acknowledged.size());
        return unless(found.containsAll(wanted), "of " + wanted + " there are " + found);
    }
}
