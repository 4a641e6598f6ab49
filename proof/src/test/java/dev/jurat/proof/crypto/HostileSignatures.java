package dev.jurat.proof.crypto;

import dev.jurat.proof.crypto.Edwards.Point;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Keys and signatures that only a dishonest holder of a key can make, from the curve's own arithmetic. */
public final class HostileSignatures {
    private static final byte[] SEED = "the seed of a dishonest signer..".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = "what was never quite signed".getBytes(StandardCharsets.US_ASCII);
    private static final BigInteger SCALAR = Edwards.scalar(SEED);
    private static final byte[] KEY = Edwards.BASE.times(SCALAR).encoded();
    static final BigInteger NONCE = new BigInteger("31415926535897932384626433832795028841971693993751");
    private static final Point TORSION = Edwards.torsion();
    private static final byte[] BIG_NEUTRAL = Edwards.littleEndian(Edwards.P.add(BigInteger.ONE));

    /** A signature over {@link #message} by {@link #key}, and whether the profile takes it. */
    public record Case(String name, byte[] signature, boolean valid) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A key that the profile refuses, and with which code. */
    public record BadKey(String name, byte[] key, String code) {
        @Override
        public String toString() {
            return name;
        }
    }

    public static Stream<Case> signatures() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("honest", signature(point(NONCE, 0), NONCE), true));
        cases.add(new Case("R neutral, canonical", signature(Edwards.NEUTRAL.encoded(), BigInteger.ZERO), true));
        for (int i = 1; i < 8; i++) {
            cases.add(new Case("R with torsion " + i, signature(point(NONCE, i), NONCE), false));
            cases.add(new Case("R of small order " + i, signature(point(BigInteger.ZERO, i), BigInteger.ZERO), false));
        }
        cases.add(new Case("R neutral, y = p + 1", signature(BIG_NEUTRAL, BigInteger.ZERO), false));
        byte[] minusZero = Edwards.NEUTRAL.encoded();
        minusZero[31] |= (byte) 0x80;
        cases.add(new Case("R neutral, x = -0", signature(minusZero, BigInteger.ZERO), false));
        byte[] minusOne = point(BigInteger.ZERO, 4);
        minusOne[31] |= (byte) 0x80;
        cases.add(new Case("R of order 2, x = -0", signature(minusOne, BigInteger.ZERO), false));
        byte[] honest = point(NONCE, 0);
        cases.add(new Case("S plus L", join(honest, response(honest, NONCE).add(Edwards.L)), false));
        cases.add(new Case("S equal to L", join(honest, Edwards.L), false));
        byte[] top = join(honest, response(honest, NONCE));
        top[63] |= (byte) 0xe0;
        cases.add(new Case("S with top bits set", top, false));
        cases.add(new Case("R off the curve", join(Edwards.littleEndian(BigInteger.TWO), BigInteger.ONE), false));
        cases.add(new Case("all zero", new byte[64], false));
        cases.add(new Case("63 bytes", new byte[63], false));
        return cases.stream();
    }

    public static Stream<BadKey> badKeys() {
        List<BadKey> keys = new ArrayList<>();
        for (int i = 1; i < 8; i++) {
            keys.add(new BadKey("small order " + i, point(BigInteger.ZERO, i), "key-not-prime-order"));
            keys.add(new BadKey("mixed order " + i, point(SCALAR, i), "key-not-prime-order"));
        }
        keys.add(new BadKey("neutral", Edwards.NEUTRAL.encoded(), "key-not-prime-order"));
        keys.add(new BadKey("off the curve", Edwards.littleEndian(BigInteger.TWO), "key-not-prime-order"));
        keys.add(new BadKey("y = p + 1", BIG_NEUTRAL, "key-not-canonical"));
        keys.add(new BadKey("y = p", Edwards.littleEndian(Edwards.P), "key-not-canonical"));
        byte[] minusZero = Edwards.NEUTRAL.encoded();
        minusZero[31] |= (byte) 0x80;
        keys.add(new BadKey("x = -0", minusZero, "key-not-canonical"));
        keys.add(new BadKey("31 bytes", new byte[31], "key-length"));
        keys.add(new BadKey("33 bytes", new byte[33], "key-length"));
        return keys.stream();
    }

    private HostileSignatures() {}

    public static byte[] key() {
        return KEY.clone();
    }

    public static byte[] message() {
        return MESSAGE.clone();
    }

    static byte[] point(BigInteger scalar, int torsion) {
        return Edwards.BASE.times(scalar).plus(TORSION.times(torsion)).encoded();
    }

    static byte[] signature(byte[] r, BigInteger nonce) {
        return join(r, response(r, nonce));
    }

    private static BigInteger response(byte[] r, BigInteger nonce) {
        return Edwards.challenge(r, KEY, MESSAGE).multiply(SCALAR).add(nonce).mod(Edwards.L);
    }

    private static byte[] join(byte[] r, BigInteger s) {
        byte[] signature = new byte[64];
        System.arraycopy(r, 0, signature, 0, 32);
        System.arraycopy(Edwards.littleEndian(s), 0, signature, 32, 32);
        return signature;
    }
}
