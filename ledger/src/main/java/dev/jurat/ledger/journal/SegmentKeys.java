package dev.jurat.ledger.journal;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The slot file of the journal: one 64-byte slot for each live segment, at its number modulo {@link #SLOTS}: the 32-byte key, its CRC-32C
 * and zeros. A slot whose checksum is wrong holds no key: that is what an erasure looks like that was cut off.
 *
 * <p>Security property: once {@link #erase} returned, what the segment held cannot be read from the data folder, as far as the file
 * system and the medium write in place. Not thread-safe.
 */
final class SegmentKeys implements Closeable {
    static final int SLOTS = 1024;
    static final int KEY_BYTES = 32;
    static final int SLOT_BYTES = 64;
    static final String FOLDER = "slots";
    static final String PATH = "slots/journal";

    private final DurableFile file;

    private SegmentKeys(DurableFile file) {
        this.file = file;
    }

    static SegmentKeys create(Storage storage) throws IOException {
        storage.makeFolder(FOLDER);
        storage.syncFolder("");
        DurableFile file = storage.create(PATH);
        // Durable with the first key that is put.
        file.write(0, ByteBuffer.allocate(SLOTS * SLOT_BYTES));
        // A crash before this sync leaves no ledger: creation is not done until genesis is durable.
        storage.syncFolder(FOLDER);
        return new SegmentKeys(file);
    }

    static SegmentKeys open(Storage storage) throws IOException {
        return new SegmentKeys(storage.open(PATH));
    }

    void put(long segment, byte[] key) throws IOException {
        ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES).put(key).putInt(checksum(key));
        file.write(position(segment), slot.rewind());
        // A crash here leaves a key without a segment; the next segment of that number overwrites it.
        file.sync();
    }

    Optional<byte[]> key(long segment) throws IOException {
        ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
        file.read(position(segment), slot);
        byte[] key = Arrays.copyOf(slot.array(), KEY_BYTES);
        boolean empty = Arrays.equals(key, new byte[KEY_BYTES]) || slot.getInt(KEY_BYTES) != checksum(key);
        return empty ? Optional.empty() : Optional.of(key);
    }

    void erase(long segment) throws IOException {
        file.write(position(segment), ByteBuffer.allocate(SLOT_BYTES));
        // A crash here leaves a segment without a key; opening deletes it.
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static long position(long segment) {
        return segment % SLOTS * SLOT_BYTES;
    }

    private static int checksum(byte[] key) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        return (int) crc.getValue();
    }
}
