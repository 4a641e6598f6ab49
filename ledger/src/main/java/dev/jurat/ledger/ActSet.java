package dev.jurat.ledger;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Some of the acts of one block of {@value #BLOCK} leaves, or of one part of {@value #PART}; each by its place from the first leaf on. Not thread-safe.
 *
 * <p>As bytes, which a block alone has: the places as u16 in ascending order where these are fewer bytes, else one bit a leaf.
 */
final class ActSet {
    /** Leaves of one row. */
    static final int BLOCK = 1 << 12;
    /** Leaves whose rows stand together, so that what is written now lands in few pages however long the log is. */
    static final int PART = 1 << 16;

    private static final int MAP_BYTES = BLOCK / Byte.SIZE;

    private final long[] bits;

    private ActSet(long[] bits) {
        this.bits = bits;
    }

    static ActSet ofBlock() {
        return new ActSet(new long[BLOCK / Long.SIZE]);
    }

    static ActSet ofPart() {
        return new ActSet(new long[PART / Long.SIZE]);
    }

    static ActSet read(byte[] bytes) {
        ActSet set = ofBlock();
        set.add(bytes, 0);
        return set;
    }

    /** Adds a block that stands so many leaves into this. */
    void add(byte[] block, int from) {
        ByteBuffer in = ByteBuffer.wrap(block);
        if (block.length == MAP_BYTES) {
            for (int i = from / Long.SIZE; in.hasRemaining(); i++) {
                bits[i] |= in.getLong();
            }
        }
        while (in.hasRemaining()) {
            set(from + Short.toUnsignedInt(in.getShort()), true);
        }
    }

    void set(int place, boolean there) {
        long bit = 1L << place;
        bits[place / Long.SIZE] = there ? bits[place / Long.SIZE] | bit : bits[place / Long.SIZE] & ~bit;
    }

    void keepOnly(ActSet others) {
        for (int i = 0; i < bits.length; i++) {
            bits[i] &= others.bits[i];
        }
    }

    boolean isEmpty() {
        return Arrays.stream(bits).allMatch(word -> word == 0);
    }

    /** The last place before this one; -1 if there is none. */
    int before(int place) {
        int at = place - 1;
        while (at >= 0) {
            long word = bits[at / Long.SIZE] << (Long.SIZE - 1 - at % Long.SIZE);
            if (word != 0) {
                return at - Long.numberOfLeadingZeros(word);
            }
            at -= at % Long.SIZE + 1;
        }
        return -1;
    }

    /** The bytes; empty where nothing is in here. */
    Optional<byte[]> bytes() {
        int count = Arrays.stream(bits).mapToInt(Long::bitCount).sum();
        if (count == 0) {
            return Optional.empty();
        }
        boolean few = count * Short.BYTES < MAP_BYTES;
        ByteBuffer out = ByteBuffer.allocate(few ? count * Short.BYTES : MAP_BYTES);
        if (few) {
            for (int place = before(BLOCK); place >= 0; place = before(place)) {
                out.putShort(--count * Short.BYTES, (short) place);
            }
        } else {
            Arrays.stream(bits).forEach(out::putLong);
        }
        return Optional.of(out.array());
    }
}
