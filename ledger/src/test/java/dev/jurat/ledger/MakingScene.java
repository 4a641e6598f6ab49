package dev.jurat.ledger;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.testkit.World;
import java.util.Optional;

/** A folder where nothing is, marked, made a ledger, closed and opened. */
final class MakingScene extends Scene {
    private static final LedgerRig RIG = new LedgerRig(World.claimed());

    private boolean begun;
    private Optional<Hash> made = Optional.empty();

    MakingScene() {
        super(new FaultStorage());
    }

    @Override
    void play() throws Exception {
        Creation.begin(storage);
        begun = true;
        answered();
        try (Ledger ledger = RIG.create(storage, FolderTest.plan())) {
            made = Optional.of(ledger.head().genesis().hash());
            answered();
        }
        RIG.open(storage).close();
    }

    @Override
    void again() throws Exception {
        storage.restarted();
        boolean there = storage.exists("format");
        try (Ledger ledger = there ? RIG.open(storage) : RIG.create(storage, FolderTest.plan())) {
            made = Optional.of(ledger.head().genesis().hash());
            answered();
        }
    }

    @Override
    Optional<String> missing(FaultStorage left) throws Exception {
        if (begun && !left.exists("creating") && made.isEmpty() && !left.exists("format")) {
            return Optional.of("the mark of a folder that is being made is lost");
        }
        if (made.isPresent() && HeadMark.read(left).isEmpty()) {
            return Optional.of("the mark of the newest size is lost");
        }
        boolean there = left.exists("format");
        try (Ledger ledger = there ? RIG.open(left) : RIG.create(left, FolderTest.plan())) {
            Hash genesis = ledger.head().genesis().hash();
            return unless(made.isEmpty() || (there && made.get().equals(genesis)), "the log that was made is lost")
                    .or(() -> unless(!left.exists("creating"), "a log that is open is marked as being made"));
        }
    }
}
