package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.EntryReader;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fails each step of a second backup in each way: the folder is then the backup before, or the new one, and never neither. */
class BackupCrashTest {
    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private void grow(int leaves) {
        while (world.log().leaves().size() < leaves) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
    }

    private void backup(FaultStorage log, Storage to) throws IOException, StorageException {
        EntryReader nobody = new EntryReader() {
            @Override
            public void read(long index, byte[] leaf) {
                // Nothing is judged here.
            }

            @Override
            public void torn() {
                // Nor torn.
            }
        };
        try (LogStore store = LogStore.open(log, RandomSource.secure(), LedgerRig.CONFIG.segmentBytes(), nobody)) {
            TreeSize size = new TreeSize(store.size());
            SignedNote note = NoteSigner.log(World.ORIGIN, world.checkpointKey())
                    .note(new Checkpoint(World.ORIGIN, size, store.root()).text());
            HeadMark.Mark head = new HeadMark.Mark(
                    size.value(), store.root(), note.signatures().getFirst().bytes());
            store.backup(world.log().genesisId().hash(), head, to, Optional.empty(), Instant.EPOCH);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST", "DONE_BUT_FAILED", "SHORT", "KILLED"})
    void aBackupIsLostWhateverStepFails(Fault fault) throws Exception {
        grow(270);
        FaultStorage first = sealed();
        long before = size(first);
        FaultStorage base = new FaultStorage();
        backup(first, base);
        grow(530);
        FaultStorage second = sealed();
        long after = size(second);
        FaultStorage sound = base.afterKill();
        int from = sound.steps().size();
        backup(second.afterKill(), sound);
        int steps = sound.steps().size() - from;
        for (int step = 0; step < steps; step++) {
            String when = fault + " at step " + step;
            FaultStorage to = base.afterKill();
            to.failAt(step, fault);
            boolean done = false;
            try {
                backup(second.afterKill(), to);
                done = true;
            } catch (IOException | FaultStorage.Killed e) {
                // What is there then is looked at.
            }
            to.kill();
            long size = restored(step % 2 == 0 ? to.afterKill() : to.afterPowerLoss(step), when);
            assertTrue(size == after || (!done && size == before), when + ": size " + size);
        }
    }

    /** A folder with tiles that are sealed, and some records more. */
    private FaultStorage sealed() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(
                    group(world.observation(world.point(), "sealing").sign())));
            assertTrue(ledger.status().sealed() > 0);
            rig.follow(ledger);
        }
        return storage.afterKill();
    }

    private long size(FaultStorage storage) throws Exception {
        try (Ledger ledger = rig.open(storage.afterKill())) {
            return ledger.head().size().value();
        }
    }

    /** Restores and opens it; answers its size. */
    private long restored(FaultStorage backup, String when) throws Exception {
        FaultStorage data = new FaultStorage();
        try {
            long size = Creation.restore(data, "log", backup, Optional.empty(), LedgerRig.CONFIG)
                    .value();
            try (Ledger ledger = rig.open(data.within("log"))) {
                assertEquals(size, ledger.head().size().value(), when);
            }
            return size;
        } catch (StorageException | LedgerException e) {
            throw new AssertionError(when + ": " + e.getMessage(), e);
        }
    }
}
