package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where this process unpacks the native libraries that its jars bring: a folder of its own, which goes when the process ends. What a killed
 * process left goes when the next one makes its own. Thread-safe.
 *
 * <p>A process holds a lock on the file {@code lock} in its folder as long as it lives, and on that of the folder above while it makes or removes one.
 */
public final class NativeLibraries {
    private static final String LOCK = "lock";

    /** What each of the libraries asks for the folder to unpack in: Cedar's, SQLite's and ACCP's; without, they take {@code java.io.tmpdir}. */
    private static final List<String> PROPERTIES =
            List.of("jne.extract.dir", "org.sqlite.tmpdir", "com.amazon.corretto.crypto.provider.tmpdir");

    /** Of this process; closing another channel on such a lock would give the lock away. */
    private static final Set<Path> OWN = new HashSet<>();

    /** Held until the process ends. */
    private static final List<FileChannel> HELD = new ArrayList<>();

    private static @Nullable Path present;

    private NativeLibraries() {}

    /** Where a node unpacks, in its data folder. */
    static Path of(NodeConfig config) {
        return config.data().resolve("native");
    }

    /**
     * Has libraries that are loaded from now on unpacked in a folder below this one, which is made if missing. Where programs in it may not run
     * (a mount with {@code noexec}) they are unpacked in {@code java.io.tmpdir}, as they were without this.
     */
    public static synchronized void unpackIn(Path folder) throws IOException {
        if (present != null && Files.isDirectory(present)) {
            return;
        }
        PrivateFiles.folder(folder);
        try (FileChannel all =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            all.lock();
            removeLeft(folder);
            present = make(folder);
        }
    }

    /** Removes what killed processes left below this folder, if it is there. */
    public static synchronized void clean(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (FileChannel all =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            all.lock();
            removeLeft(folder);
        }
    }

    private static Path make(Path folder) throws IOException {
        Path own = Files.createTempDirectory(
                folder, "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        OWN.add(own);
        own.toFile().deleteOnExit();
        // The file may be run: whether it really could be says whether libraries can be loaded from here.
        Path lock = Files.createFile(
                own.resolve(LOCK), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        lock.toFile().deleteOnExit();
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        HELD.add(channel);
        channel.lock();
        for (String property : PROPERTIES) {
            if (Files.isExecutable(lock)) {
                System.setProperty(property, own.toString());
            } else {
                System.clearProperty(property);
            }
        }
        return own;
    }

    private static void removeLeft(Path folder) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path one : found) {
                if (!OWN.contains(one) && !isHeld(one)) {
                    remove(one);
                }
            }
        }
    }

    private static boolean isHeld(Path one) throws IOException {
        Path lock = one.resolve(LOCK);
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
