package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.StorageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Byte strings one after the other, each with its length before it (u32): the records of a backup's tail, and their bodies. */
final class TailFile {
    private TailFile() {}

    static byte[][] parts(List<byte[]> all) {
        byte[][] parts = new byte[2 * all.size()][];
        for (int i = 0; i < all.size(); i++) {
            parts[2 * i] =
                    ByteBuffer.allocate(Integer.BYTES).putInt(all.get(i).length).array();
            parts[2 * i + 1] = all.get(i);
        }
        return parts;
    }

    static List<byte[]> read(byte[] bytes, long count, String path) throws StorageException {
        List<byte[]> all = new ArrayList<>();
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            for (long i = 0; i < count; i++) {
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) {
                    throw new BufferUnderflowException();
                }
                byte[] one = new byte[length];
                in.get(one);
                all.add(one);
            }
            if (in.hasRemaining()) {
                throw new BufferUnderflowException();
            }
        } catch (BufferUnderflowException e) {
            throw new StorageException("backup-damaged", path + " of the backup does not hold " + count + " entries");
        }
        return all;
    }
}
