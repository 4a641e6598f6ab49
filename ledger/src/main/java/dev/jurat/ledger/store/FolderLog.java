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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The log of a data folder whose node is down, or of a copy of one, as an audit reads it: changes nothing, and goes on where a node would
 * not start. Thread-safe: what was opened does not change.
 */
public final class FolderLog implements LogSource {
    private final Storage storage;
    private final BodyPacks packs;
    private final Artefacts artefacts;
    private final Map<Long, Entry> journal;

    private FolderLog(ReadOnlyStorage storage, Map<Long, Entry> journal) {
        this.storage = storage;
        this.packs = new BodyPacks(new RecentFiles(storage));
        this.artefacts = new Artefacts(storage);
        this.journal = journal;
    }

    /**
     * Opens the folder of a log.
     *
     * @throws StorageException {@code data-folder-in-use} while a node has it
     */
    public static FolderLog open(Path log) throws IOException, StorageException {
        DiskStorage disk = new DiskStorage(log);
        if (disk.isInUse()) {
            throw new StorageException("data-folder-in-use", "a node has the data folder " + log);
        }
        return open(ReadOnlyStorage.of(disk));
    }

    /** Opens files that nobody writes. */
    public static FolderLog open(ReadOnlyStorage storage) throws IOException {
        Map<Long, Entry> found = new TreeMap<>();
        try {
            Journal.open(storage, RandomSource.secure(), 0, frame -> take(frame, found))
                    .close();
        } catch (StorageException e) {
            // What could be read of it is all that there is: the leaves that are lacking are found lacking.
        }
        return new FolderLog(storage, found);
    }

    private static void take(Frame frame, Map<Long, Entry> found) {
        Commit.decode(frame.payload(), frame.count()).ifPresent(commit -> {
            for (int i = 0; i < frame.count(); i++) {
                found.put(frame.firstIndex() + i, commit.entries().get(i));
            }
        });
    }

    /** The checkpoint of the folder's head mark, as the node serves it; its name is in leaf 0. */
    @Override
    public SignedNote checkpoint(Optional<NoteVerifier> known) throws IOException, FormatException {
        HeadMark.Mark mark = mark();
        NoteVerifier key = key(known);
        ByteBuffer line = ByteBuffer.allocate(Integer.BYTES + mark.signature().length);
        line.putInt(key.keyId()).put(mark.signature());
        String text = new Checkpoint(key.name(), new TreeSize(mark.size()), mark.root()).text();
        String note = text + "\n— " + key.name() + " " + Base64Text.encode(line.array()) + "\n";
        return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
    }

    private HeadMark.Mark mark() throws IOException, FormatException {
        try {
            Optional<HeadMark.Found> found = HeadMark.read(storage);
            if (found.isPresent() && found.get().mark().size() > 0) {
                return found.get().mark();
            }
        } catch (StorageException e) {
            throw new FormatException(e.code(), String.valueOf(e.getMessage()));
        }
        throw missing("the folder has no file head, and so no size that was signed");
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
        return tile.full() && storage.exists(new EntryBundle(lastBundle(tile), Tile.WIDTH_MAX).path());
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
        if (entry != null && !storage.exists(FileNames.slots(index / BodyPacks.BODIES))) {
            return entry.body().map(KeyedBody::bytes);
        }
        return switch (packs.read(index)) {
            case KeptBody.Whole whole -> Optional.of(whole.bytes());
            case KeptBody.None ignored -> Optional.empty();
            case KeptBody.Damaged ignored ->
                throw new FormatException("body-damaged", "its body is lost or damaged, although nobody erased it");
        };
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
