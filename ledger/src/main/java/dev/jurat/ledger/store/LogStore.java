package dev.jurat.ledger.store;

import dev.jurat.ledger.journal.Frame;
import dev.jurat.ledger.journal.Journal;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.HashReader;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.SignedRecord;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log on disk: what is new in the journal and in memory, what is older in sealed tiles, packs and slot files of 256 entries.
 *
 * <p>One thread, the writer, calls {@link #append}, {@link #trim} and {@link #erase}; one other calls {@link #sealNext} and {@link #compact}; any may read.
 * After an exception from any of these the log is not written again but opened anew.
 */
public final class LogStore implements Closeable {
    private final Storage storage;
    private final Tiles tiles;
    private final BodyPacks packs;
    private final Journal journal;
    private final ConcurrentHashMap<Long, Entry> tail;
    private final ReentrantLock sealing = new ReentrantLock();
    /** What is sealed goes through this one, which syncs a folder's own name once; guarded by {@link #sealing}. */
    private final WriteOnce sealedFiles;

    private volatile long durable;
    private volatile long sealed;
    private long trimmed;
    private volatile Bundle lastRead = new Bundle(-1, List.of());

    /** A sealed bundle as it was read last: readers mostly go on where they are. */
    record Bundle(long number, List<byte[]> leaves) {}

    private LogStore(Storage storage, Tiles tiles, Journal journal, ConcurrentHashMap<Long, Entry> tail, long sealed) {
        this.storage = storage;
        this.tiles = tiles;
        this.packs = new BodyPacks(storage);
        this.sealedFiles = new WriteOnce(storage);
        this.journal = journal;
        this.tail = tail;
        this.durable = tiles.size();
        this.sealed = sealed;
    }

    /** Makes an empty log. What an earlier creation left that was cut off is removed. */
    public static LogStore create(Storage storage, RandomSource random, int segmentBytes) throws IOException {
        for (String name : storage.list("journal")) {
            storage.delete("journal/" + name);
        }
        storage.delete("slots/journal");
        Journal journal = Journal.create(storage, random, segmentBytes);
        return new LogStore(storage, new Tiles(storage), journal, new ConcurrentHashMap<>(), 0);
    }

    /**
     * Opens a log, giving every leaf to {@code reader}, and recomputes every tile and root on the way.
     *
     * @throws StorageException {@code entries-damaged}, {@code tile-damaged}, {@code journal-damaged}, {@code journal-gap},
     *     {@code root-differs}, or what the reader throws
     */
    public static LogStore open(Storage storage, RandomSource random, int segmentBytes, EntryReader reader)
            throws IOException, StorageException {
        return open(storage, random, segmentBytes, Optional.empty(), reader);
    }

    /**
     * What the first leaves of a log come to is known already.
     *
     * @param size how many leaves, at least one
     * @param root the root over them: where the log has another one there, what is known is of another log
     */
    public record Known(long size, Hash root) {
        public Known {
            if (size < 1) {
                throw new IllegalArgumentException("of " + size + " leaves, nothing is known");
            }
        }
    }

    /**
     * Opens a log, giving only those leaves to {@code reader} that come after what is known: it is told with {@link EntryReader#resumes} that the log
     * has that root there, before the first of them. A log that has not, or whose tiles do not give it, is read from leaf 0.
     *
     * <p>Of what is known, no sealed bundle is read and no tile compared, but those that the root is computed from: damage there shows when it is read, or
     * in an audit.
     */
    public static LogStore open(
            Storage storage, RandomSource random, int segmentBytes, Optional<Known> known, EntryReader reader)
            throws IOException, StorageException {
        Opening.Opened opened = Opening.open(storage, random, segmentBytes, known, reader);
        long sealed = opened.sealedBundles() * Tile.WIDTH_MAX;
        return new LogStore(storage, opened.tiles(), opened.journal(), opened.tail(), sealed);
    }

    /** Appends entries as one commit; they are durable once it returns. */
    public void append(List<Entry> entries) throws IOException {
        List<Hash> hashes =
                entries.stream().map(entry -> Rfc6962.leafHash(entry.leaf())).toList();
        byte[] payload = new Commit(entries, tiles.rootWith(hashes)).encode();
        // A crash within leaves the whole commit or nothing of it; size and root are in it, so a reload signs the same
        // checkpoint or none.
        journal.append(new Frame(tiles.size(), entries.size(), payload));
        for (int i = 0; i < entries.size(); i++) {
            tail.put(tiles.size(), entries.get(i));
            tiles.append(hashes.get(i));
        }
        durable = tiles.size();
    }

    public long size() {
        return durable;
    }

    /** The root at {@link #size}; for the writer. */
    public Hash root() {
        return tiles.root();
    }

    /** How many records are sealed: a multiple of 256. */
    public long sealedSize() {
        return sealed;
    }

    public long journalBytes() {
        return journal.diskBytes();
    }

    // ---- sealing

    /** Whether there is a full tile to seal. */
    public boolean hasToSeal() {
        return durable - sealed >= Tile.WIDTH_MAX;
    }

    /** Writes the next full tile with its bodies, if there is one; answers whether there was. */
    public boolean sealNext() throws IOException {
        sealing.lock();
        try {
            if (!hasToSeal()) {
                return false;
            }
            seal(sealed / Tile.WIDTH_MAX);
            return true;
        } finally {
            sealing.unlock();
        }
    }

    private void seal(long number) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (long index = sealed; index < sealed + Tile.WIDTH_MAX; index++) {
            entries.add(inTail(index));
        }
        packs.seal(number, entries.stream().map(Entry::body).toList(), sealedFiles);
        tiles.seal(number, sealedFiles);
        // A crash before this loses some of these files; the journal still has all, and they are written again.
        sealedFiles.finish();
        EntryBundle bundle = new EntryBundle(number, Tile.WIDTH_MAX);
        sealedFiles.put(
                bundle.path(), bundle.encode(entries.stream().map(Entry::leaf).toList()));
        // The entry tile is what makes the others count: a crash before this seals again, after it nothing is left to
        // do.
        sealedFiles.finish();
        sealed += Tile.WIDTH_MAX;
        tiles.forget(number);
        for (long index = sealed - Tile.WIDTH_MAX; index < sealed; index++) {
            tail.remove(index);
        }
    }

    private Entry inTail(long index) {
        Entry entry = tail.get(index);
        if (entry == null) {
            throw new IllegalStateException("record " + index + " is neither sealed nor in memory");
        }
        return entry;
    }

    /** Gives up the journal segments that sealing has made needless. */
    public void trim() throws IOException {
        if (trimmed < sealed) {
            trimmed = sealed;
            journal.trim(trimmed);
        }
    }

    // ---- reading

    /** The leaf at an index below {@link #size}. */
    public byte[] leaf(long index) throws IOException {
        Entry entry = tail.get(index);
        return entry != null ? entry.leaf() : sealedLeaf(index);
    }

    private byte[] sealedLeaf(long index) throws IOException {
        EntryBundle bundle = new EntryBundle(index / Tile.WIDTH_MAX, Tile.WIDTH_MAX);
        Bundle cached = lastRead;
        if (cached.number() != bundle.index()) {
            cached = new Bundle(bundle.index(), decoded(bundle));
            lastRead = cached;
        }
        return cached.leaves().get((int) (index % Tile.WIDTH_MAX)).clone();
    }

    private List<byte[]> decoded(EntryBundle bundle) throws IOException {
        return decoded(storage, bundle);
    }

    static List<byte[]> decoded(Storage storage, EntryBundle bundle) throws IOException {
        byte[] content = storage.read(bundle.path()).orElseThrow(() -> new IOException(bundle.path() + " is missing"));
        try {
            return bundle.decode(content);
        } catch (FormatException e) {
            throw new IOException(bundle.path() + " is damaged", e);
        }
    }

    /** The body of the record at an index. */
    public KeptBody body(long index) throws IOException {
        Entry entry = tail.get(index);
        if (entry == null) {
            return packs.read(index);
        }
        return entry.body()
                .<KeptBody>map(body -> new KeptBody.Whole(body.bytes()))
                .orElseGet(KeptBody.None::new);
    }

    /** The records whose bodies were lost with the file that held them, or with that of their keys; of what erasures took, the log says so. */
    public List<Long> lostBodies() throws IOException {
        List<Long> lost = new ArrayList<>();
        for (long number = 0; number < sealed / Tile.WIDTH_MAX; number++) {
            lost.addAll(packs.lost(number));
        }
        return lost;
    }

    /** A hash tile's bytes; it must be one that {@code size}, or an earlier size, implies. */
    public byte[] tile(Tile tile) throws IOException {
        return tile.encode(tiles.hashes(tile));
    }

    /** An entry bundle's bytes; it must lie below {@link #size}. */
    public byte[] entries(EntryBundle bundle) throws IOException {
        if (bundle.width() == Tile.WIDTH_MAX) {
            Optional<byte[]> content = storage.read(bundle.path());
            if (content.isPresent()) {
                return content.get();
            }
        }
        List<byte[]> leaves = new ArrayList<>();
        long first = bundle.index() * Tile.WIDTH_MAX;
        if (first < sealed) {
            EntryBundle full = new EntryBundle(bundle.index(), Tile.WIDTH_MAX);
            return bundle.encode(decoded(full).subList(0, bundle.width()));
        }
        for (long index = first; index < first + bundle.width(); index++) {
            leaves.add(leaf(index));
        }
        return bundle.encode(leaves);
    }

    public HashReader hashes(TreeSize size) {
        return tiles.reader(size);
    }

    // ---- backup

    /**
     * Copies the log as it was at a size that was signed, while it goes on; the keys of bodies into another place, if one is given.
     *
     * @param genesis the digest that names the log
     * @param head a size that is durable, its root and the log's signature
     * @param keysUntil until when copied keys may be kept
     * @throws StorageException {@code backup-foreign}, {@code backup-newer}, {@code backup-damaged}
     */
    public void backup(Hash genesis, HeadMark.Mark head, Storage to, Optional<Storage> keys, Instant keysUntil)
            throws IOException, StorageException {
        List<Entry> entries = new ArrayList<>();
        long from;
        sealing.lock();
        try {
            from = Math.min(sealed, head.size() / Tile.WIDTH_MAX * Tile.WIDTH_MAX);
            for (long index = from; index < head.size(); index++) {
                entries.add(index < sealed ? sealedEntry(index) : inTail(index));
            }
        } finally {
            sealing.unlock();
        }
        BackupManifest manifest = new BackupManifest(genesis, from, head.size(), head.root(), head.signature());
        Backup backup = new Backup(storage, to, manifest, entries);
        backup.copy();
        if (keys.isPresent()) {
            backup.copySlots(keys.get(), keysUntil);
        }
    }

    /** An entry that was sealed since the head was read. */
    private Entry sealedEntry(long index) throws IOException {
        return new Entry(leaf(index), packs.keyed(index));
    }

    // ---- erasing

    /**
     * Destroys the bodies that erasures name: rewrites the journal without them, which takes the old segments' keys, then zeroes their slots.
     * The leaves stay, and with them every proof.
     *
     * <p>Security property: what is destroyed is read from the durable leaves of the log, and nothing else in here destroys a body.
     *
     * @param erasures where the erasures stand
     */
    public void erase(Collection<Long> erasures) throws IOException {
        SortedSet<Long> bodies = new TreeSet<>();
        for (long erasure : erasures) {
            bodies.addAll(erasedBy(erasure));
        }
        sealing.lock();
        try {
            for (long index : bodies) {
                tail.computeIfPresent(index, (i, entry) -> entry.withoutBody());
            }
            // A crash before this leaves every body; after it, keys of sealed ones, which the next opening finds.
            journal.rewrite(unsealedFrames());
            packs.erase(bodies.headSet(sealed));
        } finally {
            sealing.unlock();
        }
    }

    /** The records that the erasure at an index names and that stand where it says. */
    private List<Long> erasedBy(long erasure) throws IOException {
        List<Long> found = new ArrayList<>();
        if (!(record(erasure).statement().facts() instanceof CustodyFacts.Erasure facts)) {
            throw new IllegalArgumentException("leaf " + erasure + " is no erasure");
        }
        for (CustodyFacts.Erased erased : facts.records()) {
            if (erased.leaf() < erasure && record(erased.leaf()).id().equals(erased.id())) {
                found.add(erased.leaf());
            }
        }
        return found;
    }

    private SignedRecord record(long index) throws IOException {
        try {
            return SignedRecord.ofLeaf(leaf(index));
        } catch (FormatException e) {
            throw new IOException("leaf " + index + " is damaged", e);
        }
    }

    /** Whether anything of a record's body is there that can be read. */
    public boolean isKept(long index) throws IOException {
        Entry entry = tail.get(index);
        return entry == null ? packs.hasKey(index) : entry.body().isPresent();
    }

    /** Makes durable that bodies in the pack of a record have no key, where they have none. */
    public void confirmErased(long index) throws IOException {
        packs.confirmErased(index / Tile.WIDTH_MAX);
    }

    /** Takes the bytes of erased bodies out of the pack that holds a record, if it is sealed; answers whether there were any. */
    public boolean compact(long index) throws IOException {
        return index < sealed && packs.compact(index / Tile.WIDTH_MAX);
    }

    private List<Frame> unsealedFrames() {
        List<Entry> entries = new ArrayList<>();
        for (long index = sealed; index < durable; index++) {
            entries.add(inTail(index));
        }
        if (entries.isEmpty()) {
            return List.of();
        }
        byte[] payload = new Commit(entries, tiles.root()).encode();
        return List.of(new Frame(sealed, entries.size(), payload));
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
