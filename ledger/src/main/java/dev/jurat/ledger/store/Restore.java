package dev.jurat.ledger.store;

import dev.jurat.ledger.journal.Frame;
import dev.jurat.ledger.journal.Journal;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes the files of a log from a backup. The keys may be of another time than the rest, and may be lacking: a body without its key is not there.
 *
 * <p>What is made is opened like any log, so that every leaf and root is judged again, and every erasure on it is carried out before anything is
 * served: keys from before an erasure bring nothing back.
 */
public final class Restore {
    private final Storage backup;
    private final Optional<Storage> slots;
    private final Storage to;
    private final BackupManifest manifest;
    private final Optional<BackupManifest> keysOf;
    private final List<byte[]> tailKeys;

    /**
     * Looks at a backup.
     *
     * @throws StorageException {@code backup-missing}, {@code backup-damaged}, {@code slots-foreign}
     */
    public Restore(Storage backup, Optional<Storage> slots, Storage to) throws IOException, StorageException {
        this.backup = backup;
        this.slots = slots;
        this.to = to;
        this.manifest = BackupManifest.read(backup)
                .orElseThrow(
                        () -> new StorageException("backup-missing", "the folder has no backup that was finished"));
        this.keysOf = slots.isPresent() ? BackupManifest.read(slots.get()) : Optional.empty();
        if (slots.isPresent()
                && keysOf.filter(of -> of.genesis().equals(manifest.genesis())).isEmpty()) {
            throw new StorageException("slots-foreign", "the keys are not of this log, or were not all written");
        }
        this.tailKeys = keysOf.isPresent() ? tailKeys(slots.get(), keysOf.get()) : List.of();
    }

    private static List<byte[]> tailKeys(Storage slots, BackupManifest of) throws IOException, StorageException {
        byte[] bytes = slots.read(Backup.TAIL_SLOTS).orElse(new byte[0]);
        return TailFile.read(bytes, of.size() - of.sealed(), Backup.TAIL_SLOTS);
    }

    /** The size that was signed. */
    public long size() {
        return manifest.size();
    }

    /** Writes everything but the file that says that this is a log. */
    public void copy(RandomSource random, int segmentBytes) throws IOException, StorageException {
        BodyPacks packs = new BodyPacks(to);
        for (long pack = 0; pack < manifest.sealed() / BodyPacks.BODIES; pack++) {
            copy(new EntryBundle(pack, Tile.WIDTH_MAX).path(), true);
            copy(FileNames.body(pack), false);
            slots(pack);
            // Bytes whose key was not given say nothing to anybody, and would look like a key that was lost here.
            packs.compact(pack);
        }
        for (Tile tile : Tile.of(new TreeSize(manifest.sealed()))) {
            if (tile.full()) {
                copy(tile.path(), true);
            }
        }
        artefacts();
        journal(random, segmentBytes);
        HeadMark.open(to, new HeadMark.Mark(manifest.size(), manifest.root(), manifest.signature()))
                .close();
    }

    private void copy(String path, boolean needed) throws IOException, StorageException {
        Optional<byte[]> content = backup.read(path);
        if (content.isEmpty() && needed) {
            throw new StorageException("backup-damaged", path + " is missing in the backup");
        }
        if (content.isPresent()) {
            WriteOnce batch = new WriteOnce(to);
            batch.put(path, content.get());
            batch.finish();
        }
    }

    /** The slot file of a pack, from a slot file or from a tail; of zeros where no keys were given, so that one that is not there was lost. */
    private void slots(long pack) throws IOException {
        boolean copied = keysOf.isPresent()
                && (pack + 1) * BodyPacks.BODIES <= keysOf.get().sealed();
        Optional<byte[]> whole = copied ? slots.orElseThrow().read(FileNames.slots(pack)) : Optional.empty();
        WriteOnce batch = new WriteOnce(to);
        batch.put(FileNames.slots(pack), whole.isPresent() ? whole.get() : keys(pack));
        batch.finish();
    }

    private byte[] keys(long pack) throws IOException {
        ByteBuffer keys = ByteBuffer.allocate(BodyPacks.BODIES * BodyCipher.KEY_BYTES);
        for (long index = pack * BodyPacks.BODIES; index < (pack + 1) * BodyPacks.BODIES; index++) {
            keys.put(key(index).orElse(new byte[BodyCipher.KEY_BYTES]));
        }
        return keys.array();
    }

    private Optional<byte[]> key(long index) throws IOException {
        if (keysOf.isEmpty()) {
            return Optional.empty();
        }
        long sealed = keysOf.get().sealed();
        if (index >= sealed) {
            return index < keysOf.get().size()
                    ? Optional.of(tailKeys.get((int) (index - sealed)))
                            .filter(key -> key.length == BodyCipher.KEY_BYTES)
                    : Optional.empty();
        }
        int at = (int) (index % BodyPacks.BODIES) * BodyCipher.KEY_BYTES;
        return slots.orElseThrow()
                .read(FileNames.slots(index / BodyPacks.BODIES))
                .filter(file -> file.length >= at + BodyCipher.KEY_BYTES)
                .map(file -> Arrays.copyOfRange(file, at, at + BodyCipher.KEY_BYTES));
    }

    private void artefacts() throws IOException {
        Artefacts there = new Artefacts(backup);
        Artefacts here = new Artefacts(to);
        for (Hash digest : there.digests()) {
            Optional<byte[]> content = there.read(digest);
            if (content.isPresent()) {
                here.put(content.get());
            }
        }
    }

    /** A journal with the tail as one commit. */
    private void journal(RandomSource random, int segmentBytes) throws IOException, StorageException {
        long count = manifest.size() - manifest.sealed();
        List<byte[]> leaves = tail(manifest.tail(), count);
        List<byte[]> bodies = tail(manifest.tailBodies(), count);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long index = manifest.sealed() + i;
            byte[] sealed = bodies.get(i);
            Optional<KeyedBody> body = sealed.length == 0
                    ? Optional.empty()
                    : key(index)
                            .flatMap(
                                    key -> BodyCipher.open(key, index, sealed).map(bytes -> new KeyedBody(key, bytes)));
            entries.add(new Entry(leaves.get(i), body));
        }
        try (Journal journal = Journal.create(to, random, segmentBytes)) {
            if (count > 0) {
                byte[] payload = new Commit(entries, manifest.root()).encode();
                journal.append(new Frame(manifest.sealed(), (int) count, payload));
            }
        }
    }

    private List<byte[]> tail(String path, long count) throws IOException, StorageException {
        byte[] bytes = backup.read(path)
                .orElseThrow(() -> new StorageException("backup-damaged", path + " is missing in the backup"));
        return TailFile.read(bytes, count, path);
    }
}
