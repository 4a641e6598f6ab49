package dev.jurat.ledger;

import dev.jurat.ledger.journal.Frame;
import dev.jurat.ledger.journal.Journal;
import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import dev.jurat.proof.crypto.RandomSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A journal whose last frame was cut off is opened, and what comes next does not fit behind it. */
final class TornScene extends Scene {
    private static final int SEGMENT = 4096;
    private static final RandomSource RANDOM = new Random(3)::nextBytes;

    private int acknowledged = 1;

    TornScene() {
        super(torn());
    }

    private static FaultStorage torn() {
        FaultStorage storage = new FaultStorage();
        try (Journal journal = Journal.create(storage, RANDOM, SEGMENT)) {
            journal.append(frame(0, 100));
            storage.failAt(0, Fault.SHORT);
            journal.append(frame(1, 2000));
            throw new IllegalStateException("not cut off");
        } catch (IOException e) {
            return storage.afterKill();
        }
    }

    private static Frame frame(int index, int bytes) {
        return new Frame(index, 1, new byte[bytes]);
    }

    @Override
    void play() throws Exception {
        try (Journal journal = Journal.open(storage, RANDOM, SEGMENT, frame -> {})) {
            journal.append(frame(1, 4000));
            acknowledged++;
            answered();
        }
    }

    @Override
    void again() throws Exception {
        List<Frame> frames = new ArrayList<>();
        try (Journal journal = Journal.open(storage.restarted(), RANDOM, SEGMENT, frames::add)) {
            acknowledged = frames.size();
            answered();
            journal.append(frame(acknowledged, 100));
            acknowledged++;
            answered();
        }
    }

    @Override
    Optional<String> missing(FaultStorage left) throws Exception {
        List<Frame> frames = new ArrayList<>();
        Journal.open(left, RANDOM, SEGMENT, frames::add).close();
        return unless(frames.size() >= acknowledged, "of " + acknowledged + " frames " + frames.size() + " are there");
    }
}
