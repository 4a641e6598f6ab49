package dev.jurat.ledger.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The files of a data folder as somebody reads them who must not change them, without its lock. What an opening clears away stays: deleting
 * and writing have no effect, and making a file is refused. Thread-safe, as the files below.
 */
public final class ReadOnlyStorage implements Storage {
    /** The largest file that is read whole: more than the largest segment of a journal. */
    private static final int BYTES_MAX = 256 << 20;

    private final Storage files;
    private final Opener opener;

    /** How a plain file is opened to be read. */
    @FunctionalInterface
    public interface Opener {
        /** Like {@link Storage#open}. */
        DurableFile open(String path) throws IOException;
    }

    public ReadOnlyStorage(Storage files, Opener opener) {
        this.files = files;
        this.opener = opener;
    }

    /** What is on a disk. */
    public static ReadOnlyStorage of(DiskStorage disk) {
        return new ReadOnlyStorage(disk, disk::openToRead);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        if (!files.exists(path)) {
            return Optional.empty();
        }
        try (DurableFile file = opener.open(path)) {
            if (file.size() > BYTES_MAX) {
                throw new IOException(path + " is larger than any file of a log");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            int count = file.read(0, bytes);
            return Optional.of(bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), count) : bytes.array());
        }
    }

    @Override
    public boolean exists(String path) throws IOException {
        return files.exists(path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return files.list(folder);
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
        return new Reading(opener.open(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        throw refused(from);
    }

    @Override
    public void delete(String path) {
        // It stays for whoever owns the folder.
    }

    @Override
    public void syncFolder(String folder) {
        // Nothing was written.
    }

    @Override
    public long usableBytes() throws IOException {
        return files.usableBytes();
    }

    @Override
    public Closeable lock() {
        return () -> {};
    }

    private static IOException refused(String path) {
        return new IOException("not to be written: " + path);
    }

    private record Reading(DurableFile file) implements DurableFile {
        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            return file.read(position, into);
        }

        @Override
        public void write(long position, ByteBuffer bytes) {
            // It stays for whoever owns the folder.
        }

        @Override
        public void sync() {
            // Nothing was written.
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
