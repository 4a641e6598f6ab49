package dev.jurat.custody;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder of mode 0700 with a file of mode 0600 a key.
 *
 * <p>Security property: what others could read or put there is not used: looser modes, another owner, links and devices are refused, at each use.
 */
public final class KeyFolder {
    private static final String ENDING = ".key";
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    public KeyFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder where there is none; those above it are there. */
    public void make() {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        } catch (FileAlreadyExistsException e) {
            check();
        } catch (NoSuchFileException e) {
            throw CustodyException.of(CustodyCode.MISSING, "there is no folder " + folder.getParent(), Optional.of(e));
        } catch (IOException e) {
            throw failed("the folder " + folder + " cannot be made", e);
        }
    }

    private void check() {
        PosixFileAttributes found = attributes(folder)
                .orElseThrow(() -> CustodyException.of(CustodyCode.MISSING, "there is no folder of keys " + folder));
        if (!found.isDirectory()) {
            throw CustodyException.of(CustodyCode.UNSAFE, folder + " is no folder, or a link to one");
        }
        requireOwn(folder, found, FOLDER, "700");
    }

    private static Optional<PosixFileAttributes> attributes(Path path) {
        try {
            return Optional.of(Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(path + " cannot be looked at", e);
        }
    }

    private static void requireOwn(
            Path path, PosixFileAttributes found, Set<PosixFilePermission> allowed, String mode) {
        Set<PosixFilePermission> open = EnumSet.noneOf(PosixFilePermission.class);
        open.addAll(found.permissions());
        open.removeAll(allowed);
        if (!open.isEmpty()) {
            throw new CustodyException(CustodyCode.UNSAFE, path + " is open to others", "chmod " + mode + " " + path);
        }
        if (!found.owner().getName().equals(System.getProperty("user.name"))) {
            throw CustodyException.of(
                    CustodyCode.UNSAFE, path + " belongs to " + found.owner().getName());
        }
    }

    /** Writes a new file, or does nothing: it appears whole, and never in place of another. A crash before the link leaves a stray draft. */
    public void create(String name, byte[] bytes) {
        check();
        Path file = file(name);
        try {
            Path draft = Files.createTempFile(folder, ".new-", "", PosixFilePermissions.asFileAttribute(FILE));
            try {
                write(draft, bytes);
                Files.createLink(file, draft);
            } finally {
                Files.deleteIfExists(draft);
            }
            sync();
        } catch (FileAlreadyExistsException e) {
            throw CustodyException.of(CustodyCode.KEY_EXISTS, "there is a key " + name + " already");
        } catch (IOException e) {
            throw failed("the key " + name + " cannot be written", e);
        }
    }

    private static void write(Path draft, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** The file's bytes, at most {@code bytesMax}; empty if there is none. */
    public Optional<byte[]> read(String name, int bytesMax) {
        check();
        Path file = file(name);
        Optional<PosixFileAttributes> found = attributes(file);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (!found.get().isRegularFile()) {
            throw CustodyException.of(CustodyCode.UNSAFE, file + " is no plain file, or a link to one");
        }
        requireOwn(file, found.get(), FILE, "600");
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw CustodyException.of(CustodyCode.DAMAGED, file + " is larger than such a file can be");
            }
            return Optional.of(bytes);
        } catch (IOException e) {
            throw failed(file + " cannot be read", e);
        }
    }

    /** The names of the keys, sorted. */
    public List<String> names() {
        check();
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                names.add(name.substring(0, name.length() - ENDING.length()));
            }
        } catch (IOException e) {
            throw failed("the folder " + folder + " cannot be read", e);
        }
        Collections.sort(names);
        return List.copyOf(names);
    }

    /** Removes a file; whether there was one. What a disk keeps of it is the disk's. */
    public boolean remove(String name) {
        check();
        try {
            boolean there = Files.deleteIfExists(file(name));
            sync();
            return there;
        } catch (IOException e) {
            throw failed("the key " + name + " cannot be removed", e);
        }
    }

    private Path file(String name) {
        return folder.resolve(name + ENDING);
    }

    /** Makes the names in the folder durable. */
    private void sync() throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    static CustodyException failed(String what, IOException e) {
        String why = String.valueOf(e.getMessage());
        CustodyCode code =
                why.contains("No space left") || why.contains("Disk quota") ? CustodyCode.FULL : CustodyCode.MISSING;
        return CustodyException.of(code, what + ": " + why, Optional.of(e));
    }
}
