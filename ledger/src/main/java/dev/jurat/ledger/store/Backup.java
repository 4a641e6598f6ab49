package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies a log that may go on being written, as it is at one size that was signed, into a folder: what a backup there has already is not copied again.
 * The keys of its bodies go into another folder, if anywhere.
 *
 * <p>Security property: without the keys, no body can be read from a backup. The mistake that looks right but is not: keeping the keys with it, or
 * longer than a body that is erased may be readable from them.
 */
final class Backup {
    static final String NOT_AFTER = "not-after";
    static final String TAIL_SLOTS = "slots/tail";

    private final Storage from;
    private final Storage to;
    private final BackupManifest manifest;
    private final List<Entry> tail;

    /** @param tail the records from the sealed size on */
    Backup(Storage from, Storage to, BackupManifest manifest, List<Entry> tail) {
        this.from = from;
        this.to = to;
        this.manifest = manifest;
        this.tail = List.copyOf(tail);
    }

    /**
     * Copies all but keys.
     *
     * @throws StorageException {@code backup-foreign} if the folder has a backup of another log, {@code backup-newer} if of a larger size
     */
    void copy() throws IOException, StorageException {
        Optional<BackupManifest> before = BackupManifest.read(to);
        if (before.isPresent() && !before.get().genesis().equals(manifest.genesis())) {
            throw new StorageException("backup-foreign", "the folder has a backup of another log");
        }
        if (before.isPresent() && before.get().size() > manifest.size()) {
            throw new StorageException(
                    "backup-newer",
                    "the folder has a backup of size " + before.get().size() + ", and this log has " + manifest.size());
        }
        WriteOnce batch = new WriteOnce(to);
        for (String path : sealedPaths()) {
            copy(path, batch);
        }
        // A crash before this leaves files that the next backup finds, and counts as written only now.
        batch.finish();
        artefacts();
        tail();
        // A crash before this leaves the backup before, and files that the next one finds.
        manifest.write(to);
        forgetTails();
    }

    private List<String> sealedPaths() {
        List<String> paths = new ArrayList<>();
        for (long pack = 0; pack < manifest.sealed() / BodyPacks.BODIES; pack++) {
            paths.add(new EntryBundle(pack, Tile.WIDTH_MAX).path());
            paths.add(FileNames.body(pack));
        }
        Tile.of(new TreeSize(manifest.sealed())).stream()
                .filter(Tile::full)
                .map(Tile::path)
                .forEach(paths::add);
        return paths;
    }

    /** Copies a file that is written once, or is written anew only to be shorter. */
    private void copy(String path, WriteOnce batch) throws IOException {
        if (isCopied(path)) {
            batch.confirm(path);
            return;
        }
        Optional<byte[]> content = from.read(path);
        if (content.isPresent()) {
            batch.put(path, content.get());
        }
    }

    private boolean isCopied(String path) throws IOException {
        return to.exists(path) && from.exists(path) && length(to, path) == length(from, path);
    }

    private static long length(Storage storage, String path) throws IOException {
        try (DurableFile file = storage.open(path)) {
            return file.size();
        }
    }

    private void artefacts() throws IOException {
        Artefacts here = new Artefacts(from);
        Artefacts there = new Artefacts(to);
        for (Hash digest : here.digests()) {
            Optional<byte[]> content = here.read(digest);
            if (content.isPresent()) {
                there.put(content.get());
            }
        }
    }

    private void tail() throws IOException {
        List<byte[]> sealed = new ArrayList<>();
        for (int i = 0; i < tail.size(); i++) {
            long index = manifest.sealed() + i;
            sealed.add(tail.get(i)
                    .body()
                    .map(body -> BodyCipher.seal(body.key(), index, body.bytes()))
                    .orElse(new byte[0]));
        }
        WriteOnce batch = new WriteOnce(to);
        batch.put(manifest.tail(), TailFile.parts(tail.stream().map(Entry::leaf).toList()));
        batch.put(manifest.tailBodies(), TailFile.parts(sealed));
        batch.finish();
    }

    /** Takes the tails of earlier backups away. */
    private void forgetTails() throws IOException {
        for (String name : to.list("tail")) {
            String path = "tail/" + name;
            if (!path.equals(manifest.tail()) && !path.equals(manifest.tailBodies())) {
                to.delete(path);
            }
        }
        to.syncFolder("tail");
    }

    /** Writes the keys into a folder where nothing is yet, to be destroyed after a time. */
    void copySlots(Storage slots, Instant notAfter) throws IOException {
        WriteOnce first = new WriteOnce(slots);
        first.put(NOT_AFTER, (notAfter + "\n").getBytes(StandardCharsets.US_ASCII));
        // A crash after this leaves keys whose time is written already.
        first.finish();
        WriteOnce batch = new WriteOnce(slots);
        for (long pack = 0; pack < manifest.sealed() / BodyPacks.BODIES; pack++) {
            Optional<byte[]> keys = from.read(FileNames.slots(pack));
            if (keys.isPresent()) {
                batch.put(FileNames.slots(pack), keys.get());
            }
        }
        batch.put(
                TAIL_SLOTS,
                TailFile.parts(tail.stream()
                        .map(entry -> entry.body().map(KeyedBody::key).orElse(new byte[0]))
                        .toList()));
        batch.finish();
        manifest.write(slots);
    }
}
