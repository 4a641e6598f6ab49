package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fails each storage step of a load that crosses a tile boundary and several journal segments, in each way, then opens the folder again
 * and checks what the ledger had promised.
 */
@org.junit.jupiter.api.parallel.Execution(ExecutionMode.CONCURRENT)
@Order(1)
class CrashTest {
    private static final World WORLD = World.claimed();
    private static final LedgerRig RIG = new LedgerRig(WORLD);
    private static final List<Group> SCRIPT = new ArrayList<>();
    private static FaultStorage base = new FaultStorage();

    /** What callers were told, and every checkpoint that was signed. */
    private static final class Promises {
        final Map<RecordId, Long> acknowledged = new LinkedHashMap<>();
        final Map<Long, Hash> roots = new HashMap<>();

        void head(LedgerHead head, String when) {
            Hash before = roots.put(head.size().value(), head.root());
            assertTrue(before == null || before.equals(head.root()), when + ": two roots for size " + head.size());
        }

        void results(GroupAnswer.Committed committed, String when) {
            for (RecordAnswer result : committed.results()) {
                Long before = acknowledged.put(result.id(), result.index().value());
                assertTrue(before == null || before == result.index().value(), when + ": moved " + result);
            }
        }
    }

    @BeforeAll
    static void prepare() throws Exception {
        while (WORLD.log().leaves().size() < 248) {
            WORLD.observation(WORLD.point(), "m" + WORLD.log().leaves().size()).admit();
        }
        base = RIG.seed();
        Execution call = WORLD.execution();
        SCRIPT.add(group(
                call.intent().sign(),
                call.context().sign(),
                call.decision().sign(),
                call.contract().sign(),
                call.identity().sign()));
        SCRIPT.add(group(call.use().sign()));
        SCRIPT.add(group(call.outcome(ExecutionFacts.Result.SUCCESS).sign()));
        SCRIPT.add(group(call.use().sign()));
        for (int i = 0; i < 4; i++) {
            SCRIPT.add(group(WORLD.observation(WORLD.point(), "after" + i).sign()));
        }
    }

    @Test
    void theLoadCrossesWhatItIsMeantToCross() throws Exception {
        FaultStorage storage = base.afterKill();
        int steps = storage.steps().size();
        run(storage, new Promises(), "sound");
        List<String> done = storage.steps().subList(steps, storage.steps().size());
        assertTrue(done.stream().anyMatch(s -> s.startsWith("rename tile/entries/000.tmp")), "seals a tile");
        assertTrue(done.stream().anyMatch(s -> s.startsWith("rename journal/new.tmp")), "starts a segment");
        assertTrue(done.stream().anyMatch(s -> s.startsWith("delete journal/")), "trims a segment");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST", "DONE_BUT_FAILED", "SHORT", "KILLED"})
    void nothingPromisedIsLostWhateverStepFails(Fault fault) throws Exception {
        FaultStorage sound = base.afterKill();
        int before = sound.steps().size();
        run(sound, new Promises(), "sound");
        int steps = sound.steps().size() - before;
        for (int step = 0; step < steps; step++) {
            String when = fault + " at step " + step;
            FaultStorage storage = base.afterKill();
            storage.failAt(step, fault);
            Promises promises = new Promises();
            run(storage, promises, when);
            storage.kill();
            boolean powerLoss = fault == Fault.KILLED || step % 3 != 0;
            check(powerLoss ? storage.afterPowerLoss(step) : storage.afterKill(), promises, when);
        }
    }

    private static void run(FaultStorage storage, Promises promises, String when) throws Exception {
        Ledger ledger;
        try {
            ledger = RIG.open(storage);
        } catch (LedgerException | FaultStorage.Killed e) {
            return;
        }
        promises.head(ledger.head(), when);
        for (Group group : SCRIPT) {
            if (!(ledger.append(group) instanceof GroupAnswer.Committed committed)) {
                break;
            }
            promises.results(committed, when);
            promises.head(ledger.head(), when);
        }
        try {
            ledger.close();
        } catch (LedgerException | FaultStorage.Killed e) {
            assertTrue(ledger.status().state() != LedgerStatus.State.RUNNING, when);
        }
    }

    private static void check(FaultStorage storage, Promises promises, String when) throws Exception {
        try (Ledger ledger = open(storage, when)) {
            promises.head(ledger.head(), when);
            Map<RecordId, Long> places = LedgerRig.places(ledger);
            for (Map.Entry<RecordId, Long> promise : promises.acknowledged.entrySet()) {
                StoredRecord found =
                        ledger.record(promise.getKey()).orElseThrow(() -> new AssertionError(when + ": lost"));
                assertEquals(promise.getValue(), found.index().value(), when);
                assertEquals(
                        found.record().kind().hasBody(),
                        found.body().isPresent(),
                        when + ": body of " + found.record());
            }
            for (Map.Entry<Long, Hash> signed : promises.roots.entrySet()) {
                TreeSize size = new TreeSize(signed.getKey());
                ConsistencyProof proof = ledger.consistency(size, ledger.head().size());
                proof.verify(signed.getValue(), ledger.head().root());
            }
            for (Group group : SCRIPT) {
                promises.results(LedgerRig.committed(ledger.append(group)), when);
                promises.head(ledger.head(), when);
            }
            LedgerRig.places(ledger);
            ledger.inclusion(new LeafIndex(255), ledger.head().size());
        }
    }

    private static Ledger open(FaultStorage storage, String when) {
        try {
            return RIG.open(storage);
        } catch (LedgerException e) {
            throw new AssertionError(when + ": does not open: " + e.code() + " " + e.getMessage(), e);
        }
    }

    /** Its key is zeroed on the disk, and not in a cache alone, when the erasure is answered. */
    @Test
    void anErasureThatWasAnsweredIsUndoneByALossOfPower() throws Exception {
        FaultStorage storage = base.afterKill();
        run(storage, new Promises(), "sound");
        long index = 100;
        FaultStorage erased = storage.afterKill();
        try (Ledger ledger = RIG.open(erased)) {
            assertTrue(ledger.record(new LeafIndex(index)).orElseThrow().body().isPresent());
            LedgerRig.erase(ledger, index);
            for (int seed = 0; seed < 16; seed++) {
                byte[] keys = erased.afterPowerLoss(seed).content("slots/body/000");
                byte[] key = Arrays.copyOfRange(keys, (int) index * 32, (int) index * 32 + 32);
                assertTrue(Arrays.equals(key, new byte[32]), "seed " + seed);
            }
        }
    }
}
