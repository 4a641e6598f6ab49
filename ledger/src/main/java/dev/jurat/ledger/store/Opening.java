package dev.jurat.ledger.store;

import dev.jurat.ledger.journal.Frame;
import dev.jurat.ledger.journal.FrameReader;
import dev.jurat.ledger.journal.Journal;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.Tile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log as it is opened: sealed bundles, then the journal. Where its reader knows what the leaves below a size come to, sealed bundles below are not
 * read: their tree is taken from the tiles, and must have the root that the reader names.
 */
final class Opening {
    private final Storage storage;
    private final Optional<LogStore.Known> known;
    private final EntryReader reader;
    private final Tiles tiles;
    private final ConcurrentHashMap<Long, Entry> tail = new ConcurrentHashMap<>();
    private long sealedBundles;
    private boolean begun;
    private byte @Nullable [] genesis;
    private LogStore.Bundle lastRead = new LogStore.Bundle(-1, List.of());

    private Opening(Storage storage, Optional<LogStore.Known> known, EntryReader reader, long from)
            throws IOException, StorageException {
        this.storage = storage;
        this.known = known;
        this.reader = reader;
        this.tiles = Tiles.sealed(storage, from);
        this.sealedBundles = from;
        this.begun = known.isEmpty();
    }

    /** What a log is opened with. */
    record Opened(Tiles tiles, Journal journal, ConcurrentHashMap<Long, Entry> tail, long sealedBundles) {}

    /** Reads from what is known, or where that is not of this log, everything. */
    static Opened open(
            Storage storage, RandomSource random, int segmentBytes, Optional<LogStore.Known> known, EntryReader reader)
            throws IOException, StorageException {
        if (known.isPresent()) {
            Optional<Opened> opened = openFrom(storage, random, segmentBytes, known.get(), reader);
            if (opened.isPresent()) {
                return opened.get();
            }
        }
        return new Opening(storage, Optional.empty(), reader, 0).run(random, segmentBytes);
    }

    /** Until the root is found to be the one that is known, the reader is told nothing: then everything can be read instead, which finds out what is wrong. */
    private static Optional<Opened> openFrom(
            Storage storage, RandomSource random, int segmentBytes, LogStore.Known known, EntryReader reader)
            throws IOException, StorageException {
        @Nullable Opening opening = null;
        try {
            long from = Math.min(sealedBundles(storage), known.size() / Tile.WIDTH_MAX);
            opening = new Opening(storage, Optional.of(known), reader, from);
            return Optional.of(opening.run(random, segmentBytes));
        } catch (IOException | StorageException e) {
            if (opening != null && opening.begun) {
                throw e;
            }
            reader.startsOver(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static long sealedBundles(Storage storage) throws IOException {
        long number = 0;
        while (storage.exists(new EntryBundle(number, Tile.WIDTH_MAX).path())) {
            number++;
        }
        return number;
    }

    private Opened run(RandomSource random, int segmentBytes) throws IOException, StorageException {
        if (begun) {
            reader.begins(this::leaf);
        }
        beginIfKnown();
        readSealed();
        FrameReader frames = new FrameReader() {
            @Override
            public void read(Frame frame) throws IOException, StorageException {
                readFrame(frame);
            }

            @Override
            public void torn() throws IOException, StorageException {
                requireBegun();
                reader.torn();
            }
        };
        Journal journal = Journal.open(storage, random, segmentBytes, frames);
        try {
            requireBegun();
        } catch (IOException e) {
            journal.close();
            throw e;
        }
        return new Opened(tiles, journal, tail, sealedBundles);
    }

    private void requireBegun() throws IOException {
        if (!begun) {
            throw other("the log has " + tiles.size() + " leaves, and not "
                    + known.orElseThrow().size());
        }
    }

    /** Never seen outside: everything is read then. */
    private static IOException other(String why) {
        return new IOException(why);
    }

    private void readSealed() throws IOException, StorageException {
        for (; ; sealedBundles++) {
            EntryBundle bundle = new EntryBundle(sealedBundles, Tile.WIDTH_MAX);
            Optional<byte[]> content = storage.read(bundle.path());
            if (content.isEmpty()) {
                confirm(sealedBundles - 1);
                return;
            }
            for (byte[] leaf : entries(bundle, content.get())) {
                append(leaf);
            }
            tiles.checkSealed(sealedBundles);
            tiles.forget(sealedBundles);
        }
    }

    /** Makes the name of the last entry tile durable, before the journal is trimmed for it: who wrote it may have been killed before that. */
    private void confirm(long number) throws IOException {
        if (number >= 0) {
            WriteOnce batch = new WriteOnce(storage);
            batch.confirm(new EntryBundle(number, Tile.WIDTH_MAX).path());
            batch.finish();
        }
    }

    private static List<byte[]> entries(EntryBundle bundle, byte[] content) throws StorageException {
        try {
            return bundle.decode(content);
        } catch (FormatException e) {
            throw new StorageException("entries-damaged", bundle.path() + ": " + e.getMessage());
        }
    }

    private void readFrame(Frame frame) throws IOException, StorageException {
        if (frame.firstIndex() > tiles.size()) {
            throw new StorageException(
                    "journal-gap",
                    "records " + tiles.size() + " to " + frame.firstIndex() + " are neither sealed nor in the journal");
        }
        Commit commit = Commit.decode(frame.payload(), frame.count())
                .orElseThrow(() -> new StorageException("journal-damaged", "a commit cannot be read"));
        if (frame.end() <= tiles.size()) {
            return;
        }
        for (int i = (int) (tiles.size() - frame.firstIndex()); i < frame.count(); i++) {
            Entry entry = commit.entries().get(i);
            tail.put(tiles.size(), entry);
            append(entry.leaf());
        }
        if (!tiles.root().equals(commit.root())) {
            throw new StorageException(
                    "root-differs", "the root at size " + tiles.size() + " is not the one committed");
        }
    }

    private void append(byte[] leaf) throws IOException, StorageException {
        long index = tiles.size();
        tiles.append(Rfc6962.leafHash(leaf));
        if (begun) {
            reader.read(index, leaf);
            return;
        }
        if (index == 0) {
            genesis = leaf;
        }
        beginIfKnown();
    }

    private void beginIfKnown() throws IOException, StorageException {
        if (begun || tiles.size() != known.orElseThrow().size()) {
            return;
        }
        Hash root = tiles.root();
        if (!root.equals(known.get().root())) {
            throw other("the root at size " + tiles.size() + " is not the one that is known");
        }
        Skipped skipped = new Skipped(genesis(root), tiles);
        begun = true;
        reader.resumes(skipped, this::leaf);
    }

    /** A leaf that was read before, or skipped. */
    private byte[] leaf(long index) throws IOException {
        Entry entry = tail.get(index);
        if (entry != null) {
            return entry.leaf();
        }
        if (lastRead.number() != index / Tile.WIDTH_MAX) {
            EntryBundle bundle = new EntryBundle(index / Tile.WIDTH_MAX, Tile.WIDTH_MAX);
            lastRead = new LogStore.Bundle(bundle.index(), LogStore.decoded(storage, bundle));
        }
        return lastRead.leaves().get((int) (index % Tile.WIDTH_MAX)).clone();
    }

    private byte[] genesis(Hash root) throws IOException, StorageException {
        if (genesis != null) {
            return genesis;
        }
        EntryBundle first = new EntryBundle(0, Tile.WIDTH_MAX);
        try {
            byte[] content = storage.read(first.path()).orElseThrow(() -> other(first.path() + " is missing"));
            byte[] leaf = entries(first, content).getFirst();
            InclusionProof.make(
                            tiles.reader(tiles.edge().size()),
                            new LeafIndex(0),
                            tiles.edge().size())
                    .verify(Rfc6962.leafHash(leaf), root);
            return leaf;
        } catch (UncheckedIOException | FormatException e) {
            throw other("leaf 0: " + e.getMessage());
        }
    }
}
