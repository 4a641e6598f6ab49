package dev.jurat.proof.crypto;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ed25519 by the textbook, on big integers: slow, complete, and independent of every provider. For crafting hostile cases. */
final class Edwards {
    static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    static final BigInteger L = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final BigInteger D = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P);
    private static final BigInteger ROOT_OF_MINUS_ONE =
            BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);
    static final Point NEUTRAL = new Point(BigInteger.ZERO, BigInteger.ONE);
    static final Point BASE = Objects.requireNonNull(lift(
            BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P), false));

    private Edwards() {}

    record Point(BigInteger x, BigInteger y) {
        Point plus(Point other) {
            BigInteger xy = x.multiply(other.y).add(y.multiply(other.x));
            BigInteger yx = y.multiply(other.y).add(x.multiply(other.x));
            BigInteger product = D.multiply(x)
                    .multiply(other.x)
                    .multiply(y)
                    .multiply(other.y)
                    .mod(P);
            BigInteger xDivisor = BigInteger.ONE.add(product).modInverse(P);
            BigInteger yDivisor = BigInteger.ONE.subtract(product).mod(P).modInverse(P);
            return new Point(xy.multiply(xDivisor).mod(P), yx.multiply(yDivisor).mod(P));
        }

        Point times(BigInteger factor) {
            Point sum = NEUTRAL;
            for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
                sum = sum.plus(sum);
                if (factor.testBit(bit)) {
                    sum = sum.plus(this);
                }
            }
            return sum;
        }

        Point times(long factor) {
            return times(BigInteger.valueOf(factor));
        }

        byte[] encoded() {
            byte[] bytes = littleEndian(y);
            if (x.testBit(0)) {
                bytes[31] |= (byte) 0x80;
            }
            return bytes;
        }
    }

    /** A point of order 8: L times a point outside the subgroup. */
    static Point torsion() {
        for (long y = 2; ; y++) {
            Point point = lift(BigInteger.valueOf(y), false);
            if (point != null) {
                Point torsion = point.times(L);
                if (!torsion.times(4).equals(NEUTRAL)) {
                    return torsion;
                }
            }
        }
    }

    /** k = SHA-512(R ‖ A ‖ message) modulo L. */
    static BigInteger challenge(byte[] r, byte[] key, byte[] message) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(r);
            digest.update(key);
            return fromLittleEndian(digest.digest(message)).mod(L);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] littleEndian(BigInteger number) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    static BigInteger fromLittleEndian(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }

    /** The scalar and the public key of a seed. */
    static BigInteger scalar(byte[] seed) {
        try {
            byte[] half = Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(seed), 32);
            half[0] &= (byte) 248;
            half[31] &= 127;
            half[31] |= 64;
            return fromLittleEndian(half);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a point of the curve has this y. */
    static boolean isOnCurve(BigInteger y) {
        return lift(y, false) != null;
    }

    private static @Nullable Point lift(BigInteger y, boolean odd) {
        BigInteger square = y.multiply(y).mod(P);
        BigInteger numerator = square.subtract(BigInteger.ONE);
        BigInteger ratio = numerator
                .multiply(D.multiply(square).add(BigInteger.ONE).mod(P).modInverse(P))
                .mod(P);
        BigInteger x = ratio.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        if (!x.multiply(x).mod(P).equals(ratio)) {
            x = x.multiply(ROOT_OF_MINUS_ONE).mod(P);
        }
        if (!x.multiply(x).mod(P).equals(ratio)) {
            return null;
        }
        return new Point(x.testBit(0) == odd ? x : P.subtract(x).mod(P), y);
    }
}
