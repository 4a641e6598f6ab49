package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fails each step of a restoring in each way: there is then no log, or the whole one, and restoring once more makes it. */
class RestoreCrashTest {
    private static void restore(FaultStorage storage) throws Exception {
        Creation.restore(
                storage,
                "log",
                RestoreScene.BACKUP.afterKill(),
                Optional.of(RestoreScene.KEYS.afterKill()),
                LedgerRig.CONFIG);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST", "DONE_BUT_FAILED", "SHORT", "KILLED"})
    void halfALogStartsWhateverStepFails(Fault fault) throws Exception {
        FaultStorage sound = new FaultStorage();
        restore(sound);
        int steps = sound.steps().size();
        assertTrue(sound.steps().contains("rename log.restoring log"), "the last step but one");
        for (int step = 0; step < steps; step++) {
            String when = fault + " at step " + step + ", " + sound.steps().get(step);
            FaultStorage storage = new FaultStorage();
            storage.failAt(step, fault);
            try {
                restore(storage);
            } catch (IOException | FaultStorage.Killed e) {
                // What is there then is looked at.
            }
            storage.kill();
            FaultStorage left = step % 3 == 0 ? storage.afterKill() : storage.afterPowerLoss(step);
            if (left.exists("log")) {
                assertEquals(Optional.empty(), RestoreScene.look(left, false, RestoreScene.SIZE), when);
            } else {
                again(left, when, step >= steps - 10 || step % 8 == 0);
            }
        }
    }

    private static void again(FaultStorage left, String when, boolean looked) throws Exception {
        restore(left);
        assertTrue(left.exists("log") && !left.exists("log.restoring"), when);
        if (looked) {
            assertEquals(Optional.empty(), RestoreScene.look(left, true, RestoreScene.SIZE), when);
        }
    }

    @Test
    void whatAnEarlierRestoringLeftIsTakenForThisOne() throws Exception {
        FaultStorage storage = new FaultStorage();
        storage.makeFolder("log.restoring");
        storage.makeFolder("log.restoring/tile");
        storage.create("log.restoring/tile/of-another-log").close();
        storage.makeFolder("log");
        restore(storage);
        assertTrue(storage.within("log").read("tile/of-another-log").isEmpty());
        assertEquals(Optional.empty(), RestoreScene.look(storage, true, RestoreScene.SIZE));
    }
}
