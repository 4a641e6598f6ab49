package dev.jurat.ledger.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files of a folder that nobody writes, of which those opened last are kept in memory whole: for a reader who takes many small parts of each.
 * Thread-safe.
 */
public final class RecentFiles implements Storage {
    private static final int FILES_MAX = 16;
    /** A larger one is opened each time. */
    private static final int BYTES_MAX = 4 << 20;

    private final ReadOnlyStorage files;
    private final Map<String, Kept> kept = new Kepts();

    /** What is in place of a name: a small file's bytes, a large file, or no file. */
    private record Kept(boolean exists, Optional<byte[]> bytes) {}

    private static final class Kepts extends LinkedHashMap<String, Kept> {
        private static final long serialVersionUID = 1L;

        Kepts() {
            super(2 * FILES_MAX, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > FILES_MAX;
        }
    }

    public RecentFiles(ReadOnlyStorage files) {
        this.files = files;
    }

    private Kept kept(String path) throws IOException {
        synchronized (kept) {
            Kept known = kept.get(path);
            if (known != null) {
                return known;
            }
        }
        Kept found = load(path);
        synchronized (kept) {
            kept.put(path, found);
        }
        return found;
    }

    private Kept load(String path) throws IOException {
        if (!files.exists(path)) {
            return new Kept(false, Optional.empty());
        }
        try (DurableFile file = files.open(path)) {
            if (file.size() > BYTES_MAX) {
                return new Kept(true, Optional.empty());
            }
        }
        return new Kept(true, files.read(path));
    }

    @Override
    public boolean exists(String path) throws IOException {
        return kept(path).exists();
    }

    @Override
    public DurableFile open(String path) throws IOException {
        Optional<byte[]> bytes = kept(path).bytes();
        return bytes.isPresent() ? new InMemory(bytes.get()) : files.open(path);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return files.read(path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return files.list(folder);
    }

    @Override
    public void makeFolder(String folder) throws IOException {
        files.makeFolder(folder);
    }

    @Override
    public DurableFile create(String path) throws IOException {
        return files.create(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(String path) {
        files.delete(path);
    }

    @Override
    public void syncFolder(String folder) {
        files.syncFolder(folder);
    }

    @Override
    public long usableBytes() throws IOException {
        return files.usableBytes();
    }

    @Override
    public Closeable lock() {
        return files.lock();
    }

    private record InMemory(byte[] bytes) implements DurableFile {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(long position, ByteBuffer into) {
            int count = (int) Math.max(0, Math.min(into.remaining(), bytes.length - position));
            if (count > 0) {
                into.put(bytes, (int) position, count);
            }
            return count;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            throw new IOException("not to be written");
        }

        @Override
        public void sync() {
            // Nothing was written.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
