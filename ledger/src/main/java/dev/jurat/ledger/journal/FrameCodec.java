package dev.jurat.ledger.journal;

import dev.jurat.proof.crypto.RandomSource;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.zip.CRC32C;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a frame lies in a segment, all numbers big-endian: ciphertext length u32, CRC-32C u32 over all else, frame number u64, first index
 * u64, count u32, nonce 12 bytes, ciphertext with its 16-byte tag, zeros up to the next multiple of {@link #ALIGN}.
 *
 * <p>The checksum tells a frame from the remains of one without the key; AES-256-GCM binds the payload to its header and segment. Nonces
 * are random, because a number that a crash made unsure may be used again for other bytes under the same key. Not thread-safe.
 */
final class FrameCodec {
    static final int HEADER_BYTES = 40;
    static final int TAG_BYTES = 16;
    static final int ALIGN = 64;
    private static final int NONCE_BYTES = 12;
    private static final int CRC_AT = 4;
    private static final int NUMBER_AT = 8;

    private final long segment;
    private final SecretKeySpec key;
    /** One for all frames: to ask every provider for the cipher takes longer than to seal a small frame. */
    private final Cipher cipher;

    FrameCodec(long segment, byte[] key) {
        this.segment = segment;
        this.key = new SecretKeySpec(key, "AES");
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-256-GCM", e);
        }
    }

    /** How many bytes of a segment a payload takes. */
    static long space(long payloadBytes) {
        return (HEADER_BYTES + payloadBytes + TAG_BYTES + ALIGN - 1) / ALIGN * ALIGN;
    }

    ByteBuffer encode(long number, Frame frame, RandomSource random) {
        int sealedBytes = frame.payload().length + TAG_BYTES;
        ByteBuffer out = ByteBuffer.allocate((int) space(frame.payload().length));
        out.putInt(sealedBytes).putInt(0).putLong(number).putLong(frame.firstIndex());
        out.putInt(frame.count()).put(random.bytes(NONCE_BYTES));
        crypt(Cipher.ENCRYPT_MODE, out, frame.payload(), 0, frame.payload().length);
        out.putInt(CRC_AT, checksum(out, sealedBytes));
        return out.rewind();
    }

    /** Whether an undamaged frame begins at {@code position}, and its number is within {@code [numberMin, numberMax]}. */
    static boolean isFrame(ByteBuffer segmentBytes, int position, long numberMin, long numberMax) {
        if (segmentBytes.limit() - position < HEADER_BYTES + TAG_BYTES) {
            return false;
        }
        int sealedBytes = segmentBytes.getInt(position);
        long number = segmentBytes.getLong(position + NUMBER_AT);
        if (sealedBytes < TAG_BYTES || sealedBytes > segmentBytes.limit() - position - HEADER_BYTES) {
            return false;
        }
        if (number < numberMin || number > numberMax) {
            return false;
        }
        ByteBuffer frame = segmentBytes.slice(position, HEADER_BYTES + sealedBytes);
        return frame.getInt(CRC_AT) == checksum(frame, sealedBytes);
    }

    /** Reads the frame that {@link #isFrame} found. */
    Frame decode(ByteBuffer segmentBytes, int position) throws GeneralSecurityException {
        int sealedBytes = segmentBytes.getInt(position);
        ByteBuffer header = segmentBytes.slice(position, HEADER_BYTES);
        byte[] sealed = new byte[sealedBytes];
        segmentBytes.get(position + HEADER_BYTES, sealed);
        byte[] payload = open(header, sealed);
        return new Frame(header.getLong(16), header.getInt(24), payload);
    }

    private byte[] open(ByteBuffer header, byte[] sealed) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, header).doFinal(sealed);
    }

    private void crypt(int mode, ByteBuffer out, byte[] payload, int from, int length) {
        try {
            int sealed = cipher(mode, out).doFinal(payload, from, length, out.array(), HEADER_BYTES);
            out.position(HEADER_BYTES + sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-256-GCM", e);
        }
    }

    private Cipher cipher(int mode, ByteBuffer header) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        header.get(HEADER_BYTES - NONCE_BYTES, nonce);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        ByteBuffer bound = ByteBuffer.allocate(32);
        bound.putLong(segment).putInt(header.getInt(0)).putLong(header.getLong(NUMBER_AT));
        bound.putLong(header.getLong(16)).putInt(header.getInt(24));
        cipher.updateAAD(bound.array());
        return cipher;
    }

    private static int checksum(ByteBuffer frame, int sealedBytes) {
        CRC32C crc = new CRC32C();
        crc.update(frame.slice(0, CRC_AT));
        crc.update(frame.slice(NUMBER_AT, HEADER_BYTES - NUMBER_AT + sealedBytes));
        return (int) crc.getValue();
    }
}
