package dev.jurat.ledger;

import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.Within;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.ledger.store.Restore;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.TreeSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Optional;

/**
 * What tells a folder in which a ledger is being made from one that has lost a file: {@code creating} is durable before anything else of a
 * new ledger, and gone before the ledger is first opened; {@code format} is durable before {@code creating} goes.
 */
final class Creation {
    private static final String FORMAT_PATH = "format";
    private static final String FORMAT = "jurat-ledger 1\n";
    private static final String CREATING = "creating";
    private static final String RESTORING = ".restoring";
    /** What a creation makes before the format. */
    private static final List<String> MADE = List.of("artefact", "journal", "slots");
    /** What only an open ledger makes. */
    private static final List<String> GROWN = List.of("head", "tile", "body", "index/ledger.sqlite");

    private Creation() {}

    /**
     * Looks, and touches nothing.
     *
     * @throws StorageException {@code format-missing}, {@code format-unknown}, {@code format-damaged}
     */
    static FolderState state(Storage storage) throws IOException, StorageException {
        Optional<byte[]> format = storage.read(FORMAT_PATH);
        if (format.isPresent()) {
            require(new String(format.get(), StandardCharsets.ISO_8859_1));
            return FolderState.LEDGER;
        }
        boolean begun = storage.exists(CREATING);
        boolean log = holdsAny(storage, GROWN) || (!begun && holdsAny(storage, MADE));
        if (log) {
            throw new StorageException(
                    "format-missing", "the data folder holds a log but no file format; nothing was touched");
        }
        return begun ? FolderState.BEGUN : FolderState.EMPTY;
    }

    private static boolean holdsAny(Storage storage, List<String> paths) throws IOException {
        for (String path : paths) {
            if (storage.exists(path)) {
                return true;
            }
        }
        return false;
    }

    private static void require(String format) throws StorageException {
        if (format.equals(FORMAT)) {
            return;
        }
        if (format.matches("jurat-ledger [1-9][0-9]{0,8}\n")) {
            throw new StorageException(
                    "format-unknown",
                    "the data folder is of " + format.strip() + ", and this program reads " + FORMAT.strip()
                            + "; nothing was touched");
        }
        throw new StorageException(
                "format-damaged", "the file format is not the line " + FORMAT.strip() + "; nothing was touched");
    }

    /** Marks an empty folder. */
    static void begin(Storage storage) throws IOException {
        if (!storage.exists(CREATING)) {
            try {
                storage.create(CREATING).close();
            } catch (FileAlreadyExistsException e) {
                // Somebody else has just marked it; the lock decides who goes on.
            }
        }
        // A crash before this leaves an empty folder, marked or not: creating starts over.
        storage.syncFolder("");
    }

    /** Writes the format, which makes the folder a ledger. */
    static void complete(Storage storage) throws IOException {
        WriteOnce batch = new WriteOnce(storage);
        batch.put(FORMAT_PATH, FORMAT.getBytes(StandardCharsets.US_ASCII));
        // A crash before this leaves a marked folder, with a format or without: opening ends it, or creating starts
        // over.
        batch.finish();
    }

    /**
     * Makes the folder of a ledger from a backup, under another name until it is whole.
     *
     * @param beside what the folder will be in
     * @param name of the folder, which is empty or not there
     */
    static TreeSize restore(Storage beside, String name, Storage backup, Optional<Storage> keys, LedgerConfig config)
            throws IOException, StorageException {
        String making = name + RESTORING;
        Folders.delete(beside, making);
        beside.makeFolder(making);
        Storage to = new Within(beside, making);
        Restore restore = new Restore(backup, keys, to);
        restore.copy(RandomSource.secure(), config.segmentBytes());
        complete(to);
        // A crash before this leaves a folder of another name, which the next restoring makes anew.
        Folders.rename(beside, making, name);
        return new TreeSize(restore.size());
    }

    /** Takes the mark away from a folder that has its format, and makes the names in it durable: a process that was killed may not have. */
    static void end(Storage storage) throws IOException {
        // A crash before this may lose the name of the format, never that of the mark: creating starts over.
        storage.syncFolder("");
        if (!storage.exists(CREATING)) {
            return;
        }
        storage.delete(CREATING);
        // A crash before this leaves the mark beside the format; the next opening takes it away.
        storage.syncFolder("");
    }
}
