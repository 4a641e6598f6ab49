package dev.jurat.app.node;

import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a log begins with, read from its files alone: takes no lock, writes nothing, and checks nothing of what comes after. */
final class FirstLeaf {
    private FirstLeaf() {}

    /** The genesis of the log in this folder; empty where it cannot be read, which a start has the words for. */
    static Optional<LedgerFacts.Genesis> read(Path log) {
        byte[][] first = new byte[1][];
        try {
            LogStore.open(new Untouched(new DiskStorage(log)), RandomSource.secure(), 0, (index, leaf) -> {
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

    /** Files that are read; what would change them has no effect, or is refused. */
    private record Untouched(DiskStorage disk) implements Storage {
        @Override
        public Optional<byte[]> read(String path) throws IOException {
            return disk.read(path);
        }

        @Override
        public boolean exists(String path) {
            return disk.exists(path);
        }

        @Override
        public List<String> list(String folder) throws IOException {
            return disk.list(folder);
        }

        @Override
        public void makeFolder(String folder) throws IOException {
            throw refused(folder);
        }

        @Override
        public DurableFile create(String path) throws IOException {
            throw refused(path);
        }

        @Override
        public DurableFile open(String path) throws IOException {
            return disk.openToRead(path);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            throw refused(from);
        }

        @Override
        public void delete(String path) {
            // What an opening clears away stays for the next start.
        }

        @Override
        public void syncFolder(String folder) {
            // Nothing was written.
        }

        @Override
        public long usableBytes() throws IOException {
            return disk.usableBytes();
        }

        @Override
        public Closeable lock() {
            return () -> {};
        }
    }

    private static IOException refused(String path) {
        return new IOException("not to be written: " + path);
    }
}
