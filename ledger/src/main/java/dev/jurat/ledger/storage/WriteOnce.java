package dev.jurat.ledger.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A batch of files that are written whole, once, and are there either completely or not at all.
 *
 * <p>{@link #put} makes the content durable under a temporary name and renames it; {@link #finish} makes the names durable, one sync a
 * folder. Only after {@code finish} returned may anything depend on the files. One that is used for batch after batch is given up after an
 * exception. Not thread-safe.
 */
public final class WriteOnce {
    private static final String TEMPORARY = ".tmp";
    private static final int GATHER_BYTES = 256 << 10;

    private final Storage storage;
    private final Set<String> known = new HashSet<>();
    private final Set<String> unsynced = new LinkedHashSet<>();

    public WriteOnce(Storage storage) {
        this.storage = storage;
    }

    /** Writes one file from its parts in order, making its folders; a file of that name is replaced. */
    public void put(String path, byte[]... parts) throws IOException {
        String folder = folder(path);
        ensureFolder(folder);
        String temporary = path + TEMPORARY;
        storage.delete(temporary);
        try (DurableFile file = storage.create(temporary)) {
            write(file, parts);
            // A crash here leaves a temporary file that nothing reads and the next put replaces.
            file.sync();
        }
        // A crash here leaves the old name, the new one, or none; the content under the new one is complete.
        storage.rename(temporary, path);
        unsynced.add(folder);
    }

    /** Writes parts one after the other, small ones gathered into few writes. */
    private static void write(DurableFile file, byte[][] parts) throws IOException {
        long position = 0;
        ByteBuffer gathered = ByteBuffer.allocate(GATHER_BYTES);
        for (byte[] part : parts) {
            if (part.length > gathered.remaining()) {
                position += flush(file, position, gathered);
            }
            if (part.length > gathered.capacity()) {
                file.write(position, ByteBuffer.wrap(part));
                position += part.length;
            } else {
                gathered.put(part);
            }
        }
        flush(file, position, gathered);
    }

    private static int flush(DurableFile file, long position, ByteBuffer gathered) throws IOException {
        int count = gathered.flip().remaining();
        if (count > 0) {
            file.write(position, gathered);
        }
        gathered.clear();
        return count;
    }

    /** Counts a file that is there as put: the one who wrote it may have stopped before its name was durable. */
    public void confirm(String path) throws IOException {
        ensureFolder(folder(path));
        unsynced.add(folder(path));
    }

    /** Makes the names of all files put so far durable. */
    public void finish() throws IOException {
        for (String folder : unsynced) {
            // A crash here may lose names; the caller still holds the content in what it has not trimmed.
            storage.syncFolder(folder);
        }
        unsynced.clear();
    }

    private void ensureFolder(String folder) throws IOException {
        if (folder.isEmpty() || !known.add(folder)) {
            return;
        }
        String parent = folder(folder);
        ensureFolder(parent);
        if (!storage.exists(folder)) {
            storage.makeFolder(folder);
        }
        // Synced even if it was there: the one who made it may have stopped before its own sync.
        storage.syncFolder(parent);
    }

    private static String folder(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
