package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.math.BigInteger;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The checks on P-256 keys and signatures that providers make in their own ways: one encoding of a key, one of the two forms of a signature.
 *
 * <p>In variable time: keys and signatures are public.
 */
final class P256Points {
    static final int KEY_BYTES = 33;
    static final int NUMBER_BYTES = 32;
    static final int SIGNATURE_BYTES = 2 * NUMBER_BYTES;
    static final ECDomainParameters CURVE = new ECDomainParameters(CustomNamedCurves.getByName("P-256"));
    static final BigInteger ORDER = CURVE.getN();

    private static final BigInteger PRIME = CURVE.getCurve().getField().getCharacteristic();
    private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);

    private P256Points() {}

    /** The point of a key in its compressed encoding; every point of this curve but the neutral one is of prime order. */
    static ECPoint requireKey(byte[] key) throws FormatException {
        if (key.length != KEY_BYTES) {
            throw new FormatException("key-length", "a P-256 key has 33 bytes, not " + key.length);
        }
        if (key[0] != 2 && key[0] != 3 || number(key, 1).compareTo(PRIME) >= 0) {
            throw new FormatException("key-not-canonical", "not the canonical encoding of a point");
        }
        try {
            return CURVE.getCurve().decodePoint(key).normalize();
        } catch (IllegalArgumentException e) {
            throw new FormatException("key-not-prime-order", "not a point of prime order on the curve");
        }
    }

    /** Whether a signature has 64 bytes, an r from 1 to n − 1, and an s from 1 to n / 2. */
    static boolean isSignature(byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        BigInteger r = number(signature, 0);
        BigInteger s = number(signature, NUMBER_BYTES);
        return r.signum() > 0 && r.compareTo(ORDER) < 0 && s.signum() > 0 && s.compareTo(HALF_ORDER) <= 0;
    }

    /** Of s and n − s the lower one: with either the equation holds. */
    static BigInteger low(BigInteger s) {
        return s.compareTo(HALF_ORDER) > 0 ? ORDER.subtract(s) : s;
    }

    /** The number in 32 bytes, the highest first. */
    static BigInteger number(byte[] bytes, int from) {
        return new BigInteger(1, bytes, from, NUMBER_BYTES);
    }
}
