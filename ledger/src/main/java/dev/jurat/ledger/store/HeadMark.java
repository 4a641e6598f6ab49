package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.crypto.Hash;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The newest size and root with the log's signature over their checkpoint, in one small file: how a restart notices that the data folder
 * has gone back, or that the last commit was damaged rather than cut off.
 *
 * <p>Written after the commit is durable, and synced now and then only: a mark that is behind proves nothing; a mark that is ahead of the
 * folder proves that something is gone. Two slots, 4096 bytes apart, are written in turn, each with its own CRC-32C, into a file that is
 * made whole: a write that is cut off leaves the other slot, so a file without a readable slot is damage. Not thread-safe.
 */
public final class HeadMark implements Closeable {
    private static final String PATH = "head";
    private static final int SIGNATURE_BYTES = 64;
    private static final int CRC_AT = Long.BYTES + Hash.BYTES + SIGNATURE_BYTES;
    private static final int BYTES = CRC_AT + Integer.BYTES;
    private static final int SLOT_BYTES = 4096;

    private final DurableFile file;
    private int next;

    /** A size that was signed, its root, and the 64 bytes of the Ed25519 signature. */
    public record Mark(long size, Hash root, byte[] signature) {}

    private HeadMark(DurableFile file, int next) {
        this.file = file;
        this.next = next;
    }

    /**
     * What the file says.
     *
     * @param mark the larger of the marks that can be read
     * @param whole whether both can be; one that cannot is a write that a crash of the machine cut off, or damage, and may have been the
     *     larger
     */
    public record Found(Mark mark, boolean whole) {}

    /**
     * The mark of a data folder; empty if there is no such file.
     *
     * @throws StorageException {@code head-damaged} if there is one and no mark in it
     */
    public static Optional<Found> read(Storage storage) throws IOException, StorageException {
        Optional<byte[]> content = storage.read(PATH);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        Optional<Mark> first = read(content.get(), 0);
        Optional<Mark> second = read(content.get(), SLOT_BYTES);
        if (first.isEmpty() && second.isEmpty()) {
            throw damaged("cannot be read");
        }
        boolean later = first.isEmpty()
                || (second.isPresent() && second.get().size() > first.get().size());
        boolean whole = first.isPresent() && second.isPresent();
        return (later ? second : first).map(mark -> new Found(mark, whole));
    }

    /** What is thrown for a file that holds no mark of this log. */
    public static StorageException damaged(String how) {
        return new StorageException(
                "head-damaged",
                "the file head " + how + ", so whether the log has gone back cannot be told; nothing was touched");
    }

    private static Optional<Mark> read(byte[] content, int at) {
        if (content.length < at + BYTES) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOfRange(content, at, at + BYTES));
        if (bytes.getInt(CRC_AT) != checksum(bytes)) {
            return Optional.empty();
        }
        byte[] root = new byte[Hash.BYTES];
        byte[] signature = new byte[SIGNATURE_BYTES];
        bytes.get(Long.BYTES, root).get(Long.BYTES + Hash.BYTES, signature);
        return Optional.of(new Mark(bytes.getLong(0), Hash.ofBytes(root), signature));
    }

    /**
     * Opens the file to be written from here on. Where it is missing, or a slot of it cannot be read, it is made whole, durably, with this
     * mark in both slots.
     */
    public static HeadMark open(Storage storage, Mark mark) throws IOException {
        byte[] content = storage.read(PATH).orElse(new byte[0]);
        Optional<Mark> first = read(content, 0);
        Optional<Mark> second = read(content, SLOT_BYTES);
        boolean whole = first.isPresent() && second.isPresent();
        if (!whole) {
            make(storage, encode(mark).array());
        }
        int older = whole && second.get().size() < first.get().size() ? 1 : 0;
        DurableFile file = storage.open(PATH);
        // Who wrote the newest mark may have been killed before it was synced.
        file.sync();
        return new HeadMark(file, older);
    }

    private static void make(Storage storage, byte[] slot) throws IOException {
        WriteOnce batch = new WriteOnce(storage);
        batch.put(PATH, slot, new byte[SLOT_BYTES - BYTES], slot);
        // A crash before this leaves the old file, the new one, or none where there was none; each says less or the
        // same.
        batch.finish();
    }

    /** Replaces the older of the two marks, without a sync. */
    public void write(Mark mark) throws IOException {
        file.write((long) next * SLOT_BYTES, encode(mark));
        next = 1 - next;
    }

    private static ByteBuffer encode(Mark mark) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(mark.size()).put(mark.root().bytes()).put(mark.signature());
        bytes.putInt(CRC_AT, checksum(bytes));
        return bytes.rewind();
    }

    public void sync() throws IOException {
        // A crash before this may lose the newest marks; the older ones say less, never something wrong.
        file.sync();
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, CRC_AT));
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
