package dev.jurat.ledger.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A data folder on a local file system that honours {@code fdatasync}, as ext4, xfs and zfs do. Files and folders are made for the owner only. */
public final class DiskStorage implements Storage {
    private static final String LOCK = "lock";
    private static final FileAttribute<?> FOLDER = only("rwx------");
    private static final FileAttribute<?> FILE = only("rw-------");

    private final Path root;
    private volatile @Nullable FileStore fileStore;

    /** The folder must exist. */
    public DiskStorage(Path root) {
        this.root = root;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(root.resolve(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    @Override
    public List<String> list(String folder) throws IOException {
        Path path = root.resolve(folder);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(path)) {
            return names.map(name -> name.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void makeFolder(String folder) throws IOException {
        try {
            Files.createDirectory(root.resolve(folder), FOLDER);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(root.resolve(folder))) {
                throw e;
            }
        }
    }

    @Override
    public DurableFile create(String path) throws IOException {
        return new DiskFile(FileChannel.open(
                root.resolve(path),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                FILE));
    }

    private static FileAttribute<?> only(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    @Override
    public DurableFile open(String path) throws IOException {
        return new DiskFile(FileChannel.open(root.resolve(path), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Like {@link #open}, of a file that may belong to somebody else; writing to it throws {@link java.nio.channels.NonWritableChannelException}. */
    public DurableFile openToRead(String path) throws IOException {
        if (Files.exists(root.resolve(path)) && !Files.isRegularFile(root.resolve(path))) {
            throw new IOException(root.resolve(path) + " is no plain file");
        }
        return new DiskFile(FileChannel.open(root.resolve(path), StandardOpenOption.READ));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(root.resolve(path));
    }

    @Override
    public void syncFolder(String folder) throws IOException {
        try (FileChannel channel = FileChannel.open(root.resolve(folder), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        // To find it is to read the table of mounts; it is asked before every commit.
        FileStore known = fileStore;
        if (known == null) {
            known = Files.getFileStore(root);
            fileStore = known;
        }
        return known.getUsableSpace();
    }

    @Override
    public Closeable lock() throws IOException, StorageException {
        FileChannel channel = FileChannel.open(
                root.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                FILE);
        if (tryLock(channel) == null) {
            String holder = holder(channel);
            channel.close();
            throw new StorageException("data-folder-in-use", holder + " has the data folder " + root);
        }
        leaveName(channel);
        return channel;
    }

    /** Whether another process has taken the folder with {@link #lock}. Not for a process that has it itself, which would lose it. */
    public boolean isInUse() throws IOException {
        try (FileChannel channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Says in the lock file which process has it: words for whoever comes next, and nothing rests on them. */
    private static void leaveName(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            // The lock is held without it.
        }
    }

    private static String holder(FileChannel channel) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(20);
            channel.read(bytes, 0);
            String id = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
            if (id.matches("[1-9][0-9]{0,9}")
                    && ProcessHandle.of(Long.parseLong(id)).isPresent()) {
                return "process " + id;
            }
        } catch (IOException e) {
            // Then it has no name.
        }
        return "another process";
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private record DiskFile(FileChannel channel) implements DurableFile {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            int total = 0;
            while (into.hasRemaining()) {
                int count = channel.read(into, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public void write(long position, ByteBuffer bytes) throws IOException {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
