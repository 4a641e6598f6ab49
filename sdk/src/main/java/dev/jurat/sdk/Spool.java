package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * What one session has signed and the ledger may not have yet: a file of lines in a folder of its own, held under an OS lock as long as
 * the session's process lives.
 *
 * <p>A line is either a signed record, synced before it is sent, or a note of what the ledger said, which is not synced. A crash
 * before the sync: nothing was sent. After it, before the note: the same signed bytes are sent again, which is harmless. A line cut
 * short by a crash is passed over. The file is written ahead with zeros, so that a sync has no new length to store; the lines end at
 * the first zero. It is written anew, with what is still open alone, when it has grown: a call that never ends does not make it grow for
 * ever. Bodies stay in the file: what is unanswered takes little memory, however much it is. Not thread-safe.
 */
public final class Spool implements AutoCloseable {
    private static final Set<StandardOpenOption> OPEN =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String LOCK = "lock";
    private static final String RECORDS = "records";
    private static final String REWRITTEN = "records.new";
    private static final String UNREADABLE = ".unreadable-";
    private static final long COMPACT_BYTES = 4 << 20;
    /** More than any line that {@link Lane} makes: a group of its size, and one record more. */
    private static final int LINE_BYTES_MAX = 16 << 20;
    /**
     * The folders whose lock this process has. POSIX drops a process's locks on a file when it closes any descriptor of that file, so the
     * lock file of a spool that is held here is never opened a second time.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final int AHEAD_BYTES = 256 << 10;

    private final Path folder;
    private final FileChannel lockFile;
    private final FileLock lock;
    private FileChannel file;
    private final Map<RecordId, Place> unsettled = new LinkedHashMap<>();
    private final Map<RecordId, Entry> openUses = new LinkedHashMap<>();
    private long end;
    /** How many bytes of the lines are of unsettled records. */
    private long live;

    private long ahead;
    private long compactAt = COMPACT_BYTES;

    /**
     * A signed record that is in the file.
     *
     * @param space about how many bytes it takes on its way, as {@link Entry#space}
     */
    public record Kept(SignedRecord record, int space) {
        public RecordId id() {
            return record.id();
        }
    }

    /** Where its line is: that changes as the file is written anew. */
    private record Place(Kept kept, long at, int length) {}

    private Spool(Path folder, FileChannel lockFile, FileLock lock, FileChannel file) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.lock = lock;
        this.file = file;
    }

    /**
     * The spool of a session, in a folder under {@code spools} that has its id. The folder gets its name only when it is locked, so that
     * nobody who looks for free ones takes it before.
     */
    public static Spool open(Path spools, String session) throws IOException, FormatException {
        Path folder = spools.resolve(session);
        Path draft = spools.resolve(".new-" + session);
        if (Files.exists(folder)) {
            throw new IOException("there is a spool " + folder + " already");
        }
        JuratHome.makePrivate(draft);
        Files.write(draft.resolve(LOCK), new byte[0], StandardOpenOption.CREATE);
        Spool spool =
                lock(draft, folder).orElseThrow(() -> new IOException("another process holds the spool " + folder));
        Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        return spool;
    }

    /**
     * Takes every spool that no living process holds. The caller closes them.
     *
     * @param unread is told of one that cannot be read, and where it is now: a damaged one is set aside, and not met again
     */
    public static List<Spool> takeFree(Path spools, BiConsumer<Path, String> unread) throws IOException {
        List<Spool> free = new ArrayList<>();
        if (Files.isDirectory(spools)) {
            List<Path> folders;
            try (var list = Files.list(spools)) {
                folders = list.filter(f -> !f.getFileName().toString().startsWith("."))
                        .sorted()
                        .toList();
            }
            for (Path folder : folders) {
                try {
                    taken(folder, unread).ifPresent(free::add);
                } catch (IOException e) {
                    unread.accept(folder, e.toString());
                }
            }
        }
        return free;
    }

    private static Optional<Spool> taken(Path folder, BiConsumer<Path, String> unread) throws IOException {
        try {
            return lock(folder, folder);
        } catch (FormatException e) {
            Path aside = folder.resolveSibling(UNREADABLE + folder.getFileName());
            Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
            unread.accept(aside, e.code() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The folders that were set aside, by name. */
    public static List<String> unreadable(Path spools) throws IOException {
        if (!Files.isDirectory(spools)) {
            return List.of();
        }
        try (var list = Files.list(spools)) {
            return list.map(f -> f.getFileName().toString())
                    .filter(name -> name.startsWith(UNREADABLE))
                    .sorted()
                    .toList();
        }
    }

    /** Empty if somebody holds it, or has cleared it away in the meantime. */
    private static Optional<Spool> lock(Path folder, Path lasting) throws IOException, FormatException {
        Path held = lasting.toAbsolutePath().normalize();
        if (!HELD.add(held)) {
            return Optional.empty();
        }
        boolean taken = false;
        try {
            Optional<Spool> spool = lockAlone(folder, held);
            taken = spool.isPresent();
            return spool;
        } finally {
            if (!taken) {
                HELD.remove(held);
            }
        }
    }

    private static Optional<Spool> lockAlone(Path folder, Path lasting) throws IOException, FormatException {
        FileChannel lockFile;
        try {
            lockFile = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (FileSystemException e) {
            return Optional.empty();
        }
        try {
            FileLock lock = lockFile.tryLock();
            if (lock != null && Files.exists(folder.resolve(LOCK))) {
                Files.deleteIfExists(folder.resolve(REWRITTEN));
                return Optional.of(loaded(folder, lasting, lockFile, lock));
            }
        } catch (IOException | FormatException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
        lockFile.close();
        return Optional.empty();
    }

    private static Spool loaded(Path folder, Path lasting, FileChannel lockFile, FileLock lock)
            throws IOException, FormatException {
        FileChannel file = FileChannel.open(folder.resolve(RECORDS), OPEN, PRIVATE);
        try {
            Spool spool = new Spool(lasting, lockFile, lock, file);
            spool.load();
            return spool;
        } catch (IOException | FormatException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Reads line by line: a file of any length takes the memory of one line. */
    private void load() throws IOException, FormatException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(64 << 10);
        long whole = 0;
        boolean ended = false;
        for (long at = 0; !ended && file.read(piece.clear(), at) > 0; at += piece.limit()) {
            piece.flip();
            for (int i = 0; i < piece.limit() && !ended; i++) {
                byte b = piece.get(i);
                if (b == '\n') {
                    line(line.toByteArray(), whole);
                    line.reset();
                    whole = at + i + 1;
                } else if (b == 0) {
                    ended = true;
                } else if (line.size() == LINE_BYTES_MAX) {
                    throw new FormatException("spool-line", "a line is longer than any that is written");
                } else {
                    line.write(b);
                }
            }
        }
        cut(whole);
    }

    /** Ends the file here: what a crash left behind the last line does not stand behind the next one. */
    private void cut(long length) throws IOException {
        file.truncate(length);
        end = length;
        ahead = length;
    }

    private void line(byte[] bytes, long at) throws FormatException {
        Fields fields = Fields.of(CanonicalJson.readObject(bytes), "spool");
        if (fields.has("records")) {
            for (Json item : fields.array("records")) {
                Entry entry = Entry.read(item);
                put(new Place(new Kept(entry.record(), entry.space()), at, bytes.length));
            }
        } else {
            List<String> refused = fields.strings("refused");
            for (String id : fields.strings("settled")) {
                note(RecordId.parse(id), !refused.contains(id));
            }
        }
    }

    /** Keeps signed records, and returns when they are durable. */
    public List<Kept> keep(List<Entry> entries) throws IOException {
        List<Place> places = new ArrayList<>();
        for (Entry entry : entries) {
            places.add(write(entry));
        }
        // A crash from here on: the records may be sent by whoever takes the spool; the calls of their uses never went
        // out.
        file.force(false);
        places.forEach(this::put);
        return places.stream().map(Place::kept).toList();
    }

    private void put(Place place) {
        Place before = unsettled.put(place.kept().id(), place);
        live += place.length() - (before == null ? 0 : before.length());
    }

    private Place write(Entry entry) throws IOException {
        long at = end;
        append(JsonBuilder.object()
                .put("records", new Json.Arr(List.of(entry.toJson())))
                .build());
        return new Place(new Kept(entry.record(), entry.space()), at, Math.toIntExact(end - at - 1));
    }

    /** What is kept and unsettled, with its body. */
    public Entry read(Kept kept) throws IOException {
        Place place = unsettled.get(kept.id());
        if (place == null) {
            throw new IllegalArgumentException("not kept, or settled: " + kept.record());
        }
        return read(file, place);
    }

    private static Entry read(FileChannel from, Place place) throws IOException {
        SignedRecord wanted = place.kept().record();
        if (!wanted.kind().hasBody()) {
            return new Entry(wanted, Optional.empty());
        }
        ByteBuffer line = ByteBuffer.allocate(place.length());
        while (line.hasRemaining()) {
            if (from.read(line, place.at() + line.position()) < 0) {
                throw new IOException("the spool ends before " + wanted);
            }
        }
        try {
            Fields fields = Fields.of(CanonicalJson.readObject(line.array()), "spool");
            for (Json item : fields.array("records")) {
                Entry entry = Entry.read(item);
                if (entry.record().id().equals(wanted.id())) {
                    return entry;
                }
            }
        } catch (FormatException e) {
            throw new IOException("the spool has changed: " + e.getMessage(), e);
        }
        throw new IOException("the spool has changed: " + wanted + " is gone");
    }

    /** Notes what the ledger said to a group. */
    public void settle(Receipt receipt) throws IOException {
        List<RecordId> settled = new ArrayList<>();
        Set<RecordId> refused = new HashSet<>();
        for (Receipt.Result result : receipt.results()) {
            settled.add(result.id());
            if (result.status() == Receipt.Status.REFUSED) {
                refused.add(result.id());
            }
        }
        append(settled(settled, refused));
        for (RecordId id : settled) {
            note(id, !refused.contains(id));
        }
        // What is mostly of use is not copied.
        if (end > compactAt && live < end / 2) {
            compact();
        }
    }

    /** Writes the file anew, with what is still open alone. */
    private void compact() throws IOException {
        Path next = folder.resolve(REWRITTEN);
        FileChannel old = file;
        long oldEnd = end;
        FileChannel fresh = FileChannel.open(next, OPEN, PRIVATE);
        List<Place> moved = new ArrayList<>();
        try {
            file = fresh;
            cut(0);
            for (Entry use : openUses.values()) {
                write(use);
                append(settled(List.of(use.record().id()), Set.of()));
            }
            for (Place place : unsettled.values()) {
                moved.add(write(read(old, place)));
            }
            file.force(true);
        } catch (IOException e) {
            // No room for it: the old file goes on.
            fresh.close();
            file = old;
            cut(oldEnd);
            Files.deleteIfExists(next);
            compactAt = oldEnd + COMPACT_BYTES;
            return;
        }
        moved.forEach(this::put);
        old.close();
        // A crash before this leaves the old file, one after it the new one: both say the same.
        Files.move(next, folder.resolve(RECORDS), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
        compactAt = Math.max(COMPACT_BYTES, 2 * end);
    }

    private static Json.Obj settled(Collection<RecordId> ids, Collection<RecordId> refused) {
        return JsonBuilder.object()
                .strings("refused", refused.stream().map(RecordId::hex).toList())
                .strings("settled", ids.stream().map(RecordId::hex).toList())
                .build();
    }

    private void note(RecordId id, boolean admitted) {
        Place place = unsettled.remove(id);
        if (place == null) {
            return;
        }
        live -= place.length();
        if (!admitted) {
            return;
        }
        SignedRecord record = place.kept().record();
        switch (record.statement().facts()) {
            case ExecutionFacts.Use ignored -> openUses.put(id, new Entry(record, Optional.empty()));
            case ExecutionFacts.Outcome ignored ->
                openUses.remove(record.header().references().one("use"));
            default -> {}
        }
    }

    private void append(Json.Obj line) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(CanonicalJson.write(line));
        out.writeBytes("\n".getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = out.toByteArray();
        if (end + bytes.length > ahead) {
            long more = Math.max(AHEAD_BYTES, bytes.length);
            write(ByteBuffer.allocate(Math.toIntExact(more)), end);
            ahead = end + more;
        }
        write(ByteBuffer.wrap(bytes), end);
        end += bytes.length;
    }

    private void write(ByteBuffer buffer, long from) throws IOException {
        long at = from;
        while (buffer.hasRemaining()) {
            at += file.write(buffer, at);
        }
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Signed records of which the ledger has said nothing yet, in the order of their stream. */
    public List<Kept> unsettled() {
        return unsettled.values().stream().map(Place::kept).toList();
    }

    /** Admitted uses whose outcome is not on the ledger, in the order of their stream, without their bodies. */
    public List<Entry> openUses() {
        return List.copyOf(openUses.values());
    }

    /** Removes the spool: everything in it is on the ledger. Deleted while it is locked, so nobody takes half of it. */
    public void discard() throws IOException {
        Files.deleteIfExists(folder.resolve(RECORDS));
        Files.deleteIfExists(folder.resolve(LOCK));
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // Somebody looked in at this moment; they find nothing and remove it themselves.
        } finally {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        if (lock.isValid()) {
            lock.release();
        }
        lockFile.close();
        file.close();
        HELD.remove(folder);
    }
}
