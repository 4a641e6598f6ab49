package dev.jurat.proof.tpm;

import dev.jurat.proof.FormatException;
import java.util.Arrays;

/**
 * Reads structures of TPM 2.0 Part 2 from bytes that may be hostile: big-endian integers, and arrays behind a length of 16 bits.
 *
 * <p>Errors: {@code tpm-structure}, where bytes are missing, left over, or more than a field may have. Not thread-safe.
 */
public final class TpmReader {
    private final byte[] bytes;
    private int at;

    public TpmReader(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public int u8() throws FormatException {
        return bytes[advance(1)] & 0xff;
    }

    public int u16() throws FormatException {
        return u8() << 8 | u8();
    }

    public long u32() throws FormatException {
        return (long) u16() << 16 | u16();
    }

    /** 64 bits, as a {@code long} that may be negative. */
    public long u64() throws FormatException {
        return u32() << 32 | u32();
    }

    public byte[] take(int length) throws FormatException {
        int from = advance(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** An array behind its length (TPM2B), of {@code max} bytes at most. */
    public byte[] sized(int max) throws FormatException {
        int length = u16();
        if (length > max) {
            throw new FormatException("tpm-structure", "a field has " + length + " bytes, where " + max + " are most");
        }
        return take(length);
    }

    public byte[] rest() throws FormatException {
        return take(bytes.length - at);
    }

    public void end() throws FormatException {
        if (at != bytes.length) {
            throw new FormatException("tpm-structure", (bytes.length - at) + " bytes are left over");
        }
    }

    private int advance(int length) throws FormatException {
        if (length > bytes.length - at) {
            throw new FormatException("tpm-structure", "it ends within a field");
        }
        at += length;
        return at - length;
    }
}
