package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The checks on encodings that every Ed25519 provider leaves to the caller, or makes in its own way.
 *
 * <p>Comparisons are in variable time: keys and signatures are public.
 */
final class Ed25519Points {
    static final int POINT_BYTES = 32;
    static final int SIGNATURE_BYTES = 64;

    /** p = 2^255 − 19, little-endian. */
    private static final byte[] P = littleEndian("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");

    /** L, the order of the base point, little-endian. */
    private static final byte[] L = littleEndian("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");

    /** The neutral element: x = 0, y = 1. */
    private static final byte[] NEUTRAL = littleEndian("0".repeat(63) + "1");

    private static final byte[] MINUS_ONE =
            littleEndian("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec");

    private Ed25519Points() {}

    /** The point of a key that is canonical and of prime order. */
    static Ed25519.PublicPoint requireKey(byte[] key) throws FormatException {
        if (key.length != POINT_BYTES) {
            throw new FormatException("key-length", "an Ed25519 key has 32 bytes, not " + key.length);
        }
        if (!isCanonical(key)) {
            throw new FormatException("key-not-canonical", "not the canonical encoding of a point");
        }
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(key, 0);
        if (point == null) {
            throw new FormatException("key-not-prime-order", "not a point of prime order on the curve");
        }
        return point;
    }

    /** Whether a signature has 64 bytes, a canonical R and an S below the group order. */
    static boolean isSignature(byte[] signature) {
        return signature.length == SIGNATURE_BYTES
                && isCanonical(signature)
                && isBelow(signature, POINT_BYTES, 0xff, L);
    }

    /** Whether the point that a canonical R encodes is in the subgroup of prime order; the neutral element is. */
    static boolean isTorsionFree(byte[] signature) {
        return Ed25519.validatePublicKeyFull(signature, 0)
                || Arrays.equals(signature, 0, POINT_BYTES, NEUTRAL, 0, POINT_BYTES);
    }

    /** Whether the first 32 bytes hold y below p, and no sign bit where x = 0. */
    private static boolean isCanonical(byte[] encoded) {
        if (!isBelow(encoded, 0, 0x7f, P)) {
            return false;
        }
        boolean negative = (encoded[POINT_BYTES - 1] & 0x80) != 0;
        return !negative || !(equalsUnsigned(encoded, NEUTRAL) || equalsUnsigned(encoded, MINUS_ONE));
    }

    private static boolean equalsUnsigned(byte[] encoded, byte[] y) {
        return Arrays.equals(encoded, 0, POINT_BYTES - 1, y, 0, POINT_BYTES - 1)
                && (encoded[POINT_BYTES - 1] & 0x7f) == y[POINT_BYTES - 1];
    }

    private static boolean isBelow(byte[] number, int offset, int topMask, byte[] bound) {
        for (int i = POINT_BYTES - 1; i >= 0; i--) {
            int mask = i == POINT_BYTES - 1 ? topMask : 0xff;
            int difference = (number[offset + i] & mask) - (bound[i] & 0xff);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static byte[] littleEndian(String bigEndianHex) {
        byte[] bytes = HexFormat.of().parseHex(bigEndianHex);
        for (int i = 0; i < bytes.length / 2; i++) {
            byte swap = bytes[i];
            bytes[i] = bytes[bytes.length - 1 - i];
            bytes[bytes.length - 1 - i] = swap;
        }
        return bytes;
    }
}
