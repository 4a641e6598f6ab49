package dev.jurat.ledger.store;

import dev.jurat.ledger.journal.Frame;
import dev.jurat.ledger.journal.Journal;
import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.storage.ReadOnlyStorage;
import dev.jurat.ledger.storage.RecentFiles;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The log of a data folder, as an audit reads it: changes nothing, and goes on where a node would not start. Thread-safe.
 *
 * <p>It is the log of the moment of opening, whatever a node does with the folder afterwards: the signed size is read first, then the journal
 * whole, and what is sealed does not change.
 */
public final class FolderLog implements LogSource {
    /** So often a journal is read whose segments go away meanwhile. */
    private static final int TRIES = 5;

    private final Storage storage;
    private final BodyPacks packs;
    private final Artefacts artefacts;
    private final Head head;
    private final Map<Long, Entry> journal;
    private boolean preferWitnessed;

    /** The head mark as it was, or why it could not be read. */
    private record Head(Optional<HeadMark.Found> found, Optional<StorageException> fault) {}

    private record Snapshot(Head head, Map<Long, Entry> journal, boolean whole) {}

    private FolderLog(ReadOnlyStorage storage, Snapshot snapshot) {
        this.storage = storage;
        this.packs = new BodyPacks(new RecentFiles(storage));
        this.artefacts = new Artefacts(storage);
        this.head = snapshot.head();
        this.journal = snapshot.journal();
    }

    /**
     * Opens the folder of a log.
     *
     * @throws StorageException {@code data-folder-in-use} while a node has it, or where one has taken it meanwhile
     */
    public static FolderLog open(Path log) throws IOException, StorageException {
        DiskStorage disk = new DiskStorage(log);
        requireFree(disk, log);
        FolderLog opened = open(ReadOnlyStorage.of(disk));
        requireFree(disk, log);
        return opened;
    }

    private static void requireFree(DiskStorage disk, Path log) throws IOException, StorageException {
        if (disk.isInUse()) {
            throw new StorageException("data-folder-in-use", "a node has the data folder " + log);
        }
    }

    /** Opens the folder of a log whose node has it and may be writing. */
    public static FolderLog openBesideNode(Path log) throws IOException {
        return open(ReadOnlyStorage.of(new DiskStorage(log)));
    }

    /** Opens files that somebody else may be adding to. */
    public static FolderLog open(ReadOnlyStorage storage) throws IOException {
        Snapshot snapshot = snapshot(storage);
        for (int i = 1; i < TRIES && !snapshot.whole(); i++) {
            snapshot = snapshot(storage);
        }
        // What could be read is all that there is: the leaves that are lacking are found lacking.
        return new FolderLog(storage, snapshot);
    }

    /** A journal has every leaf below the size that was signed before it was read, but for those that are sealed. */
    private static Snapshot snapshot(ReadOnlyStorage storage) throws IOException {
        Head head;
        try {
            head = new Head(HeadMark.read(storage), Optional.empty());
        } catch (StorageException e) {
            head = new Head(Optional.empty(), Optional.of(e));
        }
        Map<Long, Entry> found = new TreeMap<>();
        try {
            Journal.open(storage, RandomSource.secure(), 0, frame -> take(frame, found))
                    .close();
            return new Snapshot(head, found, true);
        } catch (StorageException | NoSuchFileException e) {
            return new Snapshot(head, found, false);
        }
    }

    private static void take(Frame frame, Map<Long, Entry> found) {
        Commit.decode(frame.payload(), frame.count()).ifPresent(commit -> {
            for (int i = 0; i < frame.count(); i++) {
                found.put(frame.firstIndex() + i, commit.entries().get(i));
            }
        });
    }

    /** From here on, the newest checkpoint that the folder has with cosignatures is its checkpoint, where it has one. */
    public FolderLog preferWitnessed() {
        preferWitnessed = true;
        return this;
    }

    /** The checkpoint of the folder's head mark, as the node serves it; its name is in leaf 0. */
    @Override
    public SignedNote checkpoint(Optional<NoteVerifier> known) throws IOException, FormatException {
        Optional<byte[]> witnessed = preferWitnessed ? storage.read("witnessed") : Optional.empty();
        if (witnessed.isPresent()) {
            return SignedNote.parse(witnessed.get());
        }
        HeadMark.Mark mark = mark();
        NoteVerifier key = key(known);
        ByteBuffer line = ByteBuffer.allocate(Integer.BYTES + mark.signature().length);
        line.putInt(key.keyId()).put(mark.signature());
        String text = new Checkpoint(key.name(), new TreeSize(mark.size()), mark.root()).text();
        String note = text + "\n— " + key.name() + " " + Base64Text.encode(line.array()) + "\n";
        return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
    }

    /** The head mark keeps the Ed25519 signature alone; what witnesses cosigned is kept with all its lines. */
    @Override
    public boolean hasSecondLine() throws IOException {
        return preferWitnessed && storage.exists("witnessed");
    }

    private HeadMark.Mark mark() throws FormatException {
        if (head.fault().isPresent()) {
            StorageException fault = head.fault().get();
            throw new FormatException(fault.code(), String.valueOf(fault.getMessage()));
        }
        if (head.found().isPresent() && head.found().get().mark().size() > 0) {
            return head.found().get().mark();
        }
        throw missing("the folder has no file head, and so no size that was signed");
    }

    /** The log, by its own leaf 0; {@code checkpoint-missing} where that cannot be read. */
    public NoteVerifier logKey() throws IOException, FormatException {
        return key(Optional.empty());
    }

    /** The key that leaf 0 names, or where it cannot be read the one that is known. */
    private NoteVerifier key(Optional<NoteVerifier> known) throws IOException, FormatException {
        EntryBundle first = new EntryBundle(0, 1);
        Optional<byte[]> bytes = entries(first);
        try {
            if (bytes.isPresent()
                    && SignedRecord.ofLeaf(first.decode(bytes.get()).getFirst())
                                    .statement()
                                    .facts()
                            instanceof LedgerFacts.Genesis genesis) {
                return NoteVerifier.log(genesis.origin(), VerifyKey.parse(Suite.ED25519_2026, genesis.checkpointKey()));
            }
        } catch (FormatException | IllegalArgumentException e) {
            // It is told of as a defect where somebody knows the log's name without it.
        }
        return known.orElseThrow(() -> missing("leaf 0, which names the log, cannot be read: give a trust policy"));
    }

    private static FormatException missing(String why) {
        return new FormatException("checkpoint-missing", why);
    }

    @Override
    public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
        EntryBundle whole = new EntryBundle(bundle.index(), Tile.WIDTH_MAX);
        Optional<byte[]> sealed = storage.read(whole.path());
        if (sealed.isPresent()) {
            return bundle.equals(whole) ? sealed : part(whole, sealed.get(), bundle);
        }
        List<byte[]> leaves = new ArrayList<>();
        long first = bundle.index() * Tile.WIDTH_MAX;
        for (long index = first; index < first + bundle.width(); index++) {
            Entry entry = journal.get(index);
            if (entry == null) {
                return Optional.empty();
            }
            leaves.add(entry.leaf());
        }
        return Optional.of(bundle.encode(leaves));
    }

    /** Of a damaged file, all of it: whoever reads it finds out. */
    private static Optional<byte[]> part(EntryBundle whole, byte[] sealed, EntryBundle bundle) {
        try {
            return Optional.of(bundle.encode(whole.decode(sealed).subList(0, bundle.width())));
        } catch (FormatException e) {
            return Optional.of(sealed);
        }
    }

    @Override
    public Optional<byte[]> tile(Tile tile) throws IOException {
        return tile.full() ? storage.read(tile.path()) : Optional.empty();
    }

    /** Full tiles are stored once their leaves are sealed; others never. */
    @Override
    public boolean owes(Tile tile) throws IOException {
        return tile.full() && isSealed(lastBundle(tile));
    }

    /** The entries come last of what sealing writes: until then the journal counts, and bodies and keys may be half there. */
    private boolean isSealed(long bundle) throws IOException {
        return storage.exists(new EntryBundle(bundle, Tile.WIDTH_MAX).path());
    }

    /** The last entry bundle under a full tile. */
    private static long lastBundle(Tile tile) {
        long last = tile.index();
        for (int level = tile.level(); level > 0; level--) {
            last = last * Tile.WIDTH_MAX + Tile.WIDTH_MAX - 1;
        }
        return last;
    }

    @Override
    public Optional<byte[]> body(long index) throws IOException, FormatException {
        Entry entry = journal.get(index);
        if (entry != null && !isSealed(index / Tile.WIDTH_MAX)) {
            return entry.body().map(KeyedBody::bytes);
        }
        return switch (packs.read(index)) {
            case KeptBody.Whole whole -> Optional.of(whole.bytes());
            case KeptBody.None ignored -> Optional.empty();
            case KeptBody.Half ignored -> Optional.empty();
            case KeptBody.Damaged ignored ->
                throw new FormatException("body-damaged", "its body is lost or damaged, although nobody erased it");
        };
    }

    @Override
    public boolean isHalfGone(long index) throws IOException {
        boolean inJournal = journal.containsKey(index) && !isSealed(index / Tile.WIDTH_MAX);
        return !inJournal && packs.read(index) instanceof KeptBody.Half;
    }

    @Override
    public boolean hasArtefacts() {
        return true;
    }

    @Override
    public Optional<byte[]> artefact(Hash digest) throws IOException {
        return artefacts.read(digest);
    }
}
