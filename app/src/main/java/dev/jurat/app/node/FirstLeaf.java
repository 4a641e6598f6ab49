package dev.jurat.app.node;

import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.storage.ReadOnlyStorage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What a log begins with, read from its files alone: takes no lock, writes nothing, and checks nothing of what comes after. */
final class FirstLeaf {
    private FirstLeaf() {}

    /** The genesis of the log in this folder; empty where it cannot be read, which a start has the words for. */
    static Optional<LedgerFacts.Genesis> read(Path log) {
        byte[][] first = new byte[1][];
        try {
            LogStore.open(ReadOnlyStorage.of(new DiskStorage(log)), RandomSource.secure(), 0, (index, leaf) -> {
                        first[0] = leaf;
                        throw new StorageException("read", "the first leaf is enough");
                    })
                    .close();
        } catch (IOException | StorageException | RuntimeException e) {
            // That is how the reading ends, too.
        }
        try {
            return first[0] != null
                            && SignedRecord.ofLeaf(first[0]).statement().facts() instanceof LedgerFacts.Genesis genesis
                    ? Optional.of(genesis)
                    : Optional.empty();
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
