package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.proof.crypto.Hash;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The newest size and root with the log's signature over their checkpoint, in one small file: how a restart notices that the data folder
 * has gone back, or that the last commit was damaged rather than cut off.
 *
 * <p>Written after the commit is durable, and synced now and then only: a mark that is behind, or lost, proves nothing; a mark that is
 * ahead of the folder proves that something is gone. Not thread-safe.
 */
public final class HeadMark implements Closeable {
    private static final String PATH = "head";
    private static final int SIGNATURE_BYTES = 64;
    private static final int CRC_AT = Long.BYTES + Hash.BYTES + SIGNATURE_BYTES;
    private static final int BYTES = CRC_AT + Integer.BYTES;

    private final DurableFile file;

    /** A size that was signed, its root, and the 64 bytes of the Ed25519 signature. */
    public record Mark(long size, Hash root, byte[] signature) {}

    private HeadMark(DurableFile file) {
        this.file = file;
    }

    /** Opens the mark of a data folder, making an empty one if there is none. */
    public static HeadMark open(Storage storage) throws IOException {
        if (storage.exists(PATH)) {
            return new HeadMark(storage.open(PATH));
        }
        DurableFile file = storage.create(PATH);
        // A crash before this leaves no mark, which proves nothing.
        storage.syncFolder("");
        return new HeadMark(file);
    }

    /** The mark, or empty if there is none or its checksum is wrong. */
    public Optional<Mark> read() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        boolean whole = file.read(0, bytes) == BYTES && bytes.getInt(CRC_AT) == checksum(bytes);
        if (!whole) {
            return Optional.empty();
        }
        byte[] root = new byte[Hash.BYTES];
        byte[] signature = new byte[SIGNATURE_BYTES];
        bytes.get(Long.BYTES, root).get(Long.BYTES + Hash.BYTES, signature);
        return Optional.of(new Mark(bytes.getLong(0), Hash.ofBytes(root), signature));
    }

    /** Replaces the mark, without a sync. */
    public void write(Mark mark) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(mark.size()).put(mark.root().bytes()).put(mark.signature());
        bytes.putInt(CRC_AT, checksum(bytes));
        file.write(0, bytes.rewind());
    }

    public void sync() throws IOException {
        // A crash before this may lose the mark or bring back an older one; both say less, never something wrong.
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
