package dev.jurat.app.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Held while a node makes its keys and its genesis, so that of several starts of one new data folder only one makes them. The file stays;
 * the lock goes with its process.
 */
final class FirstStart implements AutoCloseable {
    private static final String FILE = "first-start.lock";

    private final FileChannel channel;

    private FirstStart(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes it; {@code data-folder-in-use} where another start has it. */
    static FirstStart take(Path data) throws IOException, StartException {
        FileChannel channel = FileChannel.open(data.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new StartException(
                    "data-folder-in-use",
                    "another process is making a node in " + data,
                    "wait until it is up, or name another data folder");
        }
        return new FirstStart(channel);
    }

    /** Whether this is the file that is locked. */
    boolean is(Path file) {
        return file.endsWith(FILE);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
