package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.EntryReader;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A log is copied, grows, loses a body and is copied again; its keys go into another folder each time. The power is lost at one of the places. */
final class BackupScene extends Scene {
    static final LedgerRig RIG;
    static final int ERASED = 100;
    static final World WORLD = World.claimed();
    /** The log before and after. */
    static final List<FaultStorage> LOGS;

    static {
        RIG = new LedgerRig(WORLD);
        try {
            grow(270);
            FaultStorage first = RIG.seed();
            append(first, 1);
            FaultStorage second = first.afterKill();
            append(second, 260);
            try (Ledger ledger = RIG.open(second)) {
                LedgerRig.erase(ledger, ERASED);
            }
            LOGS = List.of(first.afterKill(), second.afterKill());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private final boolean ofKeys;
    private FaultStorage log = new FaultStorage();
    private FaultStorage slots = new FaultStorage();
    private long size;
    private boolean keyed;

    private BackupScene(FaultStorage storage, boolean ofKeys) {
        super(storage);
        this.ofKeys = ofKeys;
        if (ofKeys) {
            slots = storage;
        } else {
            log = storage;
        }
    }

    /** The power is lost where the log is copied to. */
    static BackupScene log() {
        return new BackupScene(new FaultStorage(), false);
    }

    /** The power is lost where its keys are copied to. */
    static BackupScene keys() {
        return new BackupScene(new FaultStorage(), true);
    }

    private static void grow(int leaves) {
        while (WORLD.log().leaves().size() < leaves) {
            WORLD.observation(WORLD.point(), "m" + WORLD.log().leaves().size()).admit();
        }
    }

    private static void append(FaultStorage storage, int records) throws LedgerException {
        try (Ledger ledger = RIG.open(storage)) {
            for (int i = 0; i < records; i++) {
                committed(ledger.append(group(WORLD.observation(WORLD.point(), "n" + records + "-" + i)
                        .sign())));
            }
        }
    }

    /** Copies a log; answers the size that was copied. */
    static long backup(FaultStorage from, Storage to, Optional<Storage> keys) throws IOException, StorageException {
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
        HeadMark.Mark head = HeadMark.read(from).orElseThrow().mark();
        try (LogStore store = LogStore.open(from, RandomSource.secure(), LedgerRig.CONFIG.segmentBytes(), nobody)) {
            store.backup(WORLD.log().genesisId().hash(), head, to, keys, Instant.EPOCH);
        }
        return head.size();
    }

    @Override
    void play() throws Exception {
        size = backup(LOGS.getFirst().afterKill(), log, Optional.empty());
        answered();
        FaultStorage old = log.afterKill();
        size = backup(LOGS.getLast().afterKill(), log, Optional.of(slots));
        keyed = true;
        old.list("tail").forEach(name -> destroyed(old.content("tail/" + name)));
        answered();
    }

    @Override
    void again() throws Exception {
        storage.restarted();
        if (!ofKeys) {
            size = backup(LOGS.getLast().afterKill(), log, Optional.empty());
            answered();
        }
    }

    @Override
    Optional<String> missing(FaultStorage left) throws Exception {
        boolean timed = left.exists("not-after") || !left.exists("slots");
        if (ofKeys && !timed) {
            return Optional.of("there are keys, and nothing says until when");
        }
        if (ofKeys && !keyed) {
            return Optional.empty();
        }
        if (!ofKeys && size == 0) {
            return Optional.empty();
        }
        FaultStorage data = new FaultStorage();
        Creation.restore(
                data,
                "log",
                ofKeys ? log.afterKill() : left,
                ofKeys ? Optional.of(left) : Optional.empty(),
                LedgerRig.CONFIG);
        try (Ledger ledger = RIG.open(data.within("log"))) {
            boolean body =
                    ledger.record(new LeafIndex(101)).orElseThrow().body().isPresent();
            boolean tail = ledger.record(new LeafIndex(size - 3))
                    .filter(r -> r.record().kind().hasBody() && r.body().isEmpty())
                    .isEmpty();
            return unless(ledger.head().size().value() >= size, "of " + size + " records some are lost")
                    .or(() -> unless(!ofKeys || body && tail, "a key that was copied is lost"));
        }
    }
}
