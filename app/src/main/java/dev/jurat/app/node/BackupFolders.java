package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a backup goes: the log into one folder, the keys of its bodies into a new one inside another, with the time when they are to be destroyed.
 */
public final class BackupFolders {
    /** How long copied keys may be kept where nobody says otherwise. */
    public static final int DAYS_USUAL = 30;

    public static final int DAYS_MAX = 3650;

    /** The file that says until when. */
    private static final String NOT_AFTER = "not-after";

    private static final String PREFIX = "slots-";

    private BackupFolders() {}

    /**
     * What was copied.
     *
     * @param keys the folder that the keys are in, if they were copied
     */
    public record Made(long size, Optional<Path> keys, Optional<Instant> notAfter) {}

    /**
     * Makes a backup of an open log.
     *
     * @param data the data folder, which no backup may be in
     * @throws FormatException {@code backup-inside}
     */
    static Made make(Ledger ledger, Path data, Path to, Optional<Path> keysIn, int days, Instant now)
            throws IOException, LedgerException, FormatException {
        requireApart(data, to, keysIn);
        PrivateFiles.folder(to);
        if (keysIn.isEmpty()) {
            return new Made(ledger.backup(to, Optional.empty()).value(), Optional.empty(), Optional.empty());
        }
        Instant notAfter = Instant.ofEpochSecond(now.plus(Duration.ofDays(days)).getEpochSecond());
        PrivateFiles.folder(keysIn.get());
        Path folder = keysIn.get().resolve(PREFIX + now.toEpochMilli());
        PrivateFiles.folder(folder);
        long size = ledger.backup(to, Optional.of(new Ledger.Keys(folder, notAfter)))
                .value();
        PrivateFiles.syncNames(keysIn.get());
        return new Made(size, Optional.of(folder), Optional.of(notAfter));
    }

    /** What was copied, as the node and the command answer it. */
    public static Json.Obj view(Made made) {
        JsonBuilder out = JsonBuilder.object().put("size", made.size());
        made.keys().ifPresent(folder -> out.put("slots", folder.toString()));
        made.notAfter().ifPresent(end -> out.put("not-after", end.toString()));
        return out.build();
    }

    /** No folder is in another: a copy of one of them would have the other with it. */
    static void requireApart(Path data, Path to, Optional<Path> keysIn) throws IOException, FormatException {
        requireApart(data, to);
        if (keysIn.isPresent()) {
            requireApart(data, keysIn.get());
            requireApart(to, keysIn.get());
        }
    }

    private static void requireApart(Path one, Path other) throws IOException, FormatException {
        Path here = real(one);
        Path there = real(other);
        if (here.startsWith(there) || there.startsWith(here)) {
            throw new FormatException("backup-inside", one + " and " + other + " are not apart");
        }
    }

    /** Where a folder is, or will be, once the links on its way are followed. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path there = absolute;
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there.toRealPath().resolve(there.relativize(absolute));
    }

    /**
     * A folder of copied keys.
     *
     * @param notAfter empty where it cannot be read
     */
    public record Keys(Path folder, Optional<Instant> notAfter) {
        public boolean isOver(Instant now) {
            return notAfter.filter(end -> !now.isBefore(end)).isPresent();
        }
    }

    /** The folders of keys in a folder, by name. */
    public static List<Keys> keys(Path folder) throws IOException {
        List<Keys> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path one : all) {
                if (Files.isDirectory(one)) {
                    found.add(new Keys(one, notAfter(one)));
                }
            }
        }
        found.sort(Comparator.comparing(Keys::folder));
        return List.copyOf(found);
    }

    private static Optional<Instant> notAfter(Path folder) {
        try {
            return Optional.of(
                    Instant.parse(Files.readString(folder.resolve(NOT_AFTER)).strip()));
        } catch (IOException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Destroys a folder of keys: each file is overwritten, as far as the file system writes in place, then deleted. */
    public static void destroy(Keys keys) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(keys.folder())) {
            all = files.sorted(Comparator.comparing((Path file) -> file.endsWith(NOT_AFTER))
                            .thenComparing(Comparator.reverseOrder()))
                    .toList();
        }
        // Their time goes last but for the folders: a crash in between leaves what the next run takes away.
        for (Path file : all) {
            if (Files.isRegularFile(file)) {
                overwrite(file);
                Files.delete(file);
            }
        }
        for (Path folder : all.stream().filter(Files::isDirectory).toList()) {
            Files.deleteIfExists(folder);
        }
    }

    private static void overwrite(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(8192);
            long size = channel.size();
            for (long at = 0; at < size; at += zeros.capacity()) {
                channel.write(zeros.clear().limit((int) Math.min(zeros.capacity(), size - at)), at);
            }
            channel.force(true);
        }
    }
}
