package dev.jurat.app.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** Files and folders that only their owner may open, and files that are written as safely. */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OPEN_FILE = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    /** Makes the folder and its parents, or takes an existing one and closes it to others. */
    public static void folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            FileAttribute<Set<PosixFilePermission>> attribute = PosixFilePermissions.asFileAttribute(FOLDER);
            Files.createDirectories(folder, attribute);
        }
        Files.setPosixFilePermissions(folder, FOLDER);
    }

    /**
     * Writes a whole file, or leaves what was there: temporary file, sync, rename, sync of the folder. A crash before the rename leaves the
     * old file and a stray temporary one; after it, the new file.
     */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, bytes, FILE);
    }

    /** The same for what anybody on this machine may read. */
    public static void writeOpen(Path file, byte[] bytes) throws IOException {
        write(file, bytes, OPEN_FILE);
    }

    private static void write(Path file, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path temporary = Files.createTempFile(folder, ".new-", "", PosixFilePermissions.asFileAttribute(FILE));
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            // Whatever mask the process has.
            Files.setPosixFilePermissions(temporary, mode);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncNames(folder);
    }

    /** Makes the names in a folder durable. */
    public static void syncNames(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Reads a file of at most {@code bytesMax}; refuses one that others may read. */
    public static byte[] read(Path file, int bytesMax) throws IOException {
        Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        open.removeAll(FILE);
        if (!open.isEmpty()) {
            throw new IOException(file + " is open to others; close it with: chmod 600 " + file);
        }
        if (Files.size(file) > bytesMax) {
            throw new IOException(file + " is larger than such a file can be");
        }
        return Files.readAllBytes(file);
    }
}
