package dev.jurat.ledger;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.log.LeafIndex;
import java.util.Optional;

/** A log is made from a backup, with keys of the same time or of an earlier one. */
final class RestoreScene extends Scene {
    static final FaultStorage BACKUP = new FaultStorage();
    static final FaultStorage KEYS = new FaultStorage();
    static final FaultStorage OLD_KEYS = new FaultStorage();
    static final long SIZE;
    static final long OLD_SIZE;

    static {
        try {
            OLD_SIZE = BackupScene.backup(BackupScene.LOGS.getFirst().afterKill(), BACKUP, Optional.of(OLD_KEYS));
            SIZE = BackupScene.backup(BackupScene.LOGS.getLast().afterKill(), BACKUP, Optional.of(KEYS));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private final FaultStorage keys;
    private boolean restored;

    private RestoreScene(FaultStorage keys) {
        super(new FaultStorage());
        this.keys = keys;
    }

    static RestoreScene whole() {
        return new RestoreScene(KEYS);
    }

    static RestoreScene olderKeys() {
        return new RestoreScene(OLD_KEYS);
    }

    @Override
    void play() throws Exception {
        Creation.restore(storage, "log", BACKUP.afterKill(), Optional.of(keys.afterKill()), LedgerRig.CONFIG);
        restored = true;
        answered();
    }

    @Override
    void again() throws Exception {
        if (!storage.restarted().exists("log")) {
            play();
        }
    }

    @Override
    Optional<String> missing(FaultStorage left) throws Exception {
        return look(left, restored, keys == KEYS ? SIZE : OLD_SIZE);
    }

    /** What is not as it must be in a folder where a log was being restored: none is there, or all of it. */
    static Optional<String> look(FaultStorage left, boolean restored, long keyed) throws Exception {
        FaultStorage log = left.within("log");
        if (!left.exists("log")) {
            return unless(!restored, "the log that was restored is lost");
        }
        if (Creation.state(log) != FolderState.LEDGER) {
            return Optional.of("half a log");
        }
        try (Ledger ledger = BackupScene.RIG.open(log)) {
            if (ledger.head().size().value() < SIZE) {
                return Optional.of("of " + SIZE + " records " + ledger.head().size());
            }
            for (long index = 0; index < SIZE; index++) {
                StoredRecord stored = ledger.record(new LeafIndex(index)).orElseThrow();
                boolean body = stored.record().kind().hasBody() && index != BackupScene.ERASED && index < keyed;
                if (stored.body().isPresent() != body) {
                    return Optional.of("the body of record " + index);
                }
            }
            return unless(ledger.status().guarded(), "the mark of the newest size is lost");
        }
    }
}
