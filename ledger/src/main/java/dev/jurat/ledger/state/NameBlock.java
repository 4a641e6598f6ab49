package dev.jurat.ledger.state;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A row of a run: names in order, each with its leaf, behind a CRC-32C over them. 288 names fill a page of SQLite; all leaves of one name are in
 * one block, however many.
 *
 * <p>Bytes: CRC u32; then for each name u64 and leaf u48.
 */
final class NameBlock {
    static final int NAMES = 288;

    private static final int NAME_BYTES = Long.BYTES + 6;
    private static final long LEAF_MAX = (1L << 48) - 1;

    private NameBlock() {}

    static byte[] encode(long[] names, long[] leaves, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + count * NAME_BYTES);
        bytes.position(Integer.BYTES);
        for (int i = 0; i < count; i++) {
            if (leaves[i] > LEAF_MAX) {
                throw new IllegalArgumentException("names are kept of 2^48 leaves, not of leaf " + leaves[i]);
            }
            bytes.putLong(names[i]).putShort((short) (leaves[i] >>> 32)).putInt((int) leaves[i]);
        }
        bytes.putInt(0, checksum(bytes));
        return bytes.array();
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), Integer.BYTES, bytes.capacity() - Integer.BYTES);
        return (int) crc.getValue();
    }

    /** The block, if it is whole. */
    static ByteBuffer read(byte[] content) throws DamagedException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        boolean whole = content.length >= Integer.BYTES + NAME_BYTES
                && (content.length - Integer.BYTES) % NAME_BYTES == 0
                && bytes.getInt(0) == checksum(bytes);
        if (!whole) {
            throw new DamagedException("a block of names is not what was written");
        }
        return bytes;
    }

    static int count(ByteBuffer block) {
        return (block.capacity() - Integer.BYTES) / NAME_BYTES;
    }

    static long name(ByteBuffer block, int at) {
        return block.getLong(Integer.BYTES + at * NAME_BYTES);
    }

    static long leaf(ByteBuffer block, int at) {
        int position = Integer.BYTES + at * NAME_BYTES + Long.BYTES;
        return (long) Short.toUnsignedInt(block.getShort(position)) << 32
                | Integer.toUnsignedLong(block.getInt(position + Short.BYTES));
    }

    /** The place of the first name that is not below this one. */
    static int find(ByteBuffer block, long name) {
        int low = 0;
        int high = count(block);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (name(block, middle) < name) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
