package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one session has signed and the ledger may not have yet: a file of lines in a folder of its own, held under an OS lock as long as
 * the session's process lives.
 *
 * <p>A line is either signed records, synced before they are sent, or a note of what the ledger said, which is not synced. A crash
 * before the sync: nothing was sent. After it, before the note: the same signed bytes are sent again, which is harmless. A line cut
 * short by a crash is passed over. The file is written ahead with zeros, so that a sync has no new length to store; the lines end at
 * the first zero. Not thread-safe.
 */
public final class Spool implements AutoCloseable {
    private static final Set<StandardOpenOption> OPEN =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String LOCK = "lock";
    private static final String RECORDS = "records";
    private static final long COMPACT_BYTES = 4 << 20;
    private static final int AHEAD_BYTES = 256 << 10;

    private final Path folder;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final FileChannel file;
    private final Map<RecordId, Entry> unsettled = new LinkedHashMap<>();
    private final Map<RecordId, Entry> openUses = new LinkedHashMap<>();
    private long end;
    private long ahead;

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

    /** Takes every spool that no living process holds. The caller closes them. */
    public static List<Spool> takeFree(Path spools) throws IOException, FormatException {
        List<Spool> free = new ArrayList<>();
        if (Files.isDirectory(spools)) {
            List<Path> folders;
            try (var list = Files.list(spools)) {
                folders = list.filter(f -> !f.getFileName().toString().startsWith("."))
                        .sorted()
                        .toList();
            }
            for (Path folder : folders) {
                lock(folder, folder).ifPresent(free::add);
            }
        }
        return free;
    }

    /** Empty if somebody holds it, or has cleared it away in the meantime. */
    private static Optional<Spool> lock(Path folder, Path lasting) throws IOException, FormatException {
        FileChannel lockFile;
        try {
            lockFile = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (FileSystemException e) {
            return Optional.empty();
        }
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null || !Files.exists(folder.resolve(LOCK))) {
            lockFile.close();
            return Optional.empty();
        }
        FileChannel file = FileChannel.open(folder.resolve(RECORDS), OPEN, PRIVATE);
        Spool spool = new Spool(lasting, lockFile, lock, file);
        spool.load(folder.resolve(RECORDS));
        return Optional.of(spool);
    }

    private void load(Path records) throws IOException, FormatException {
        byte[] bytes = Files.readAllBytes(records);
        int whole = 0;
        for (int i = 0; i < bytes.length && bytes[i] != 0; i++) {
            if (bytes[i] == '\n') {
                line(java.util.Arrays.copyOfRange(bytes, whole, i));
                whole = i + 1;
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

    private void line(byte[] bytes) throws FormatException {
        Fields fields = Fields.of(CanonicalJson.readObject(bytes), "spool");
        if (fields.has("records")) {
            for (Json item : fields.array("records")) {
                Entry entry = Entry.read(item);
                unsettled.put(entry.record().id(), entry);
            }
        } else {
            List<String> refused = fields.strings("refused");
            for (String id : fields.strings("settled")) {
                note(RecordId.parse(id), !refused.contains(id));
            }
        }
    }

    /** Keeps signed records, and returns when they are durable. */
    public void keep(List<Entry> entries) throws IOException {
        List<Json> items = new ArrayList<>();
        entries.forEach(e -> items.add(e.toJson()));
        append(JsonBuilder.object().put("records", new Json.Arr(items)).build());
        // A crash from here on: the records may be sent by whoever takes the spool; the calls of their uses never went
        // out.
        file.force(false);
        entries.forEach(e -> unsettled.put(e.record().id(), e));
    }

    /** Notes what the ledger said to a group. */
    public void settle(Receipt receipt) throws IOException {
        List<String> settled = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (Receipt.Result result : receipt.results()) {
            settled.add(result.id().hex());
            if (result.status() == Receipt.Status.REFUSED) {
                refused.add(result.id().hex());
            }
        }
        append(JsonBuilder.object()
                .strings("refused", refused)
                .strings("settled", settled)
                .build());
        Set<String> no = new HashSet<>(refused);
        for (String id : settled) {
            note(parse(id), !no.contains(id));
        }
        if (unsettled.isEmpty() && openUses.isEmpty() && end > COMPACT_BYTES) {
            cut(0);
        }
    }

    private static RecordId parse(String hex) {
        try {
            return RecordId.parse(hex);
        } catch (FormatException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void note(RecordId id, boolean admitted) {
        Entry entry = unsettled.remove(id);
        if (entry == null || !admitted) {
            return;
        }
        switch (entry.record().statement().facts()) {
            case ExecutionFacts.Use ignored -> openUses.put(id, entry);
            case ExecutionFacts.Outcome ignored ->
                openUses.remove(entry.record().header().references().one("use"));
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

    /** Signed records of which the ledger has said nothing yet, in the order of their stream. */
    public List<Entry> unsettled() {
        return List.copyOf(unsettled.values());
    }

    /** Admitted uses whose outcome is not on the ledger, in the order of their stream. */
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
    }
}
