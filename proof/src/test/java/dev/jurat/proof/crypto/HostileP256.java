package dev.jurat.proof.crypto;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/** Keys and signatures of P-256 that only a dishonest holder of a key can make: the key is found for the signature. */
public final class HostileP256 {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("P-256");
    static final BigInteger N = CURVE.getN();
    static final BigInteger P = CURVE.getCurve().getField().getCharacteristic();
    private static final BigInteger HALF = N.shiftRight(1);
    private static final BigInteger SEVEN = BigInteger.valueOf(7);
    private static final byte[] MESSAGE = "what was never quite signed".getBytes(StandardCharsets.US_ASCII);
    private static final BigInteger DIGEST = new BigInteger(1, Hash.of(MESSAGE).bytes());

    private HostileP256() {}

    /** A signature over {@link #message} by a key, and whether the profile takes it. */
    public record Case(String name, byte[] key, byte[] signature, boolean valid) {
        @Override
        public String toString() {
            return name;
        }
    }

    static byte[] message() {
        return MESSAGE.clone();
    }

    public static Stream<Case> signatures() {
        List<Case> cases = new ArrayList<>();
        P256Key key = P256Key.ofSecret(raw(SEVEN));
        byte[] honest = key.sign(MESSAGE);
        BigInteger r = new BigInteger(1, honest, 0, 32);
        BigInteger s = new BigInteger(1, honest, 32, 32);
        byte[] bytes = key.verifyKey().bytes();
        cases.add(new Case("honest", bytes, honest, true));
        cases.add(new Case("high s", bytes, join(r, N.subtract(s)), false));
        cases.add(new Case("all zero", bytes, new byte[64], false));
        cases.add(new Case("r zero", bytes, join(BigInteger.ZERO, s), false));
        cases.add(new Case("s zero", bytes, join(r, BigInteger.ZERO), false));
        cases.add(new Case("r equal to n", bytes, join(N, s), false));
        cases.add(new Case("s equal to n", bytes, join(r, N), false));
        cases.add(new Case("both equal to n", bytes, join(N, N), false));
        cases.add(new Case("both all ones", bytes, join(ones(), ones()), false));
        cases.add(new Case("r and s changed about", bytes, join(s, r), false));
        cases.add(new Case("DER", bytes, der(r, s), false));
        cases.add(new Case("empty", bytes, new byte[0], false));
        cases.add(new Case("63 bytes", bytes, Arrays.copyOf(honest, 63), false));
        cases.add(new Case("65 bytes", bytes, Arrays.copyOf(honest, 65), false));
        cases.add(crafted("s one", point(SEVEN), BigInteger.ONE, BigInteger.ONE, true));
        cases.add(crafted("s half of n", point(SEVEN), HALF, HALF, true));
        cases.add(
                crafted("s above half of n", point(SEVEN), HALF.add(BigInteger.ONE), HALF.add(BigInteger.ONE), false));
        cases.add(crafted("s n - 1", point(SEVEN), N.subtract(BigInteger.ONE), N.subtract(BigInteger.ONE), false));
        cases.add(crafted("s plus n", point(SEVEN), SEVEN, SEVEN.add(N), false));
        BigInteger large = above(N);
        ECPoint nonce = lift(large);
        cases.add(crafted("x of R above n, r reduced", nonce, SEVEN, SEVEN, true));
        cases.add(new Case("x of R above n, r not", found(nonce, SEVEN), join(large, SEVEN), false));
        BigInteger opposite = DIGEST.negate().multiply(SEVEN.modInverse(N)).mod(N);
        cases.add(new Case("R infinite", point(opposite).getEncoded(true), join(SEVEN, SEVEN), false));
        return cases.stream();
    }

    /** A case with the key for which the equation holds: (s·R − e·G) / r. */
    private static Case crafted(String name, ECPoint nonce, BigInteger s, BigInteger shown, boolean valid) {
        return new Case(name, found(nonce, s), join(x(nonce).mod(N), shown), valid);
    }

    private static byte[] found(ECPoint nonce, BigInteger s) {
        BigInteger inverse = x(nonce).mod(N).modInverse(N);
        return nonce.multiply(s)
                .subtract(point(DIGEST.mod(N)))
                .multiply(inverse)
                .normalize()
                .getEncoded(true);
    }

    /** A key that the profile refuses, and with which code. */
    public record BadKey(String name, byte[] key, String code) {
        @Override
        public String toString() {
            return name;
        }
    }

    public static Stream<BadKey> badKeys() {
        ECPoint point = point(SEVEN);
        byte[] good = point.getEncoded(true);
        byte[] ed25519 =
                SoftwareKey.ofSeed(new byte[SoftwareKey.SEED_BYTES]).verifyKey().bytes();
        List<BadKey> keys = new ArrayList<>();
        keys.add(new BadKey("none", new byte[0], "key-length"));
        keys.add(new BadKey("infinity", new byte[1], "key-length"));
        keys.add(new BadKey("32 bytes", Arrays.copyOf(good, 32), "key-length"));
        keys.add(new BadKey("34 bytes", Arrays.copyOf(good, 34), "key-length"));
        keys.add(new BadKey("uncompressed", point.getEncoded(false), "key-length"));
        keys.add(new BadKey("Ed25519", ed25519, "key-length"));
        keys.add(new BadKey("Ed25519 and a zero", Arrays.copyOf(ed25519, 33), "key-not-canonical"));
        keys.add(new BadKey("zeros", new byte[33], "key-not-canonical"));
        for (int form : new int[] {0, 1, 4, 5, 6, 7, 0x82, 0xff}) {
            keys.add(new BadKey("form " + form, with(form, good), "key-not-canonical"));
        }
        BigInteger small = above(BigInteger.ZERO);
        keys.add(new BadKey("x not reduced", encoded(small.add(P)), "key-not-canonical"));
        keys.add(new BadKey("x equal to p", encoded(P), "key-not-canonical"));
        keys.add(new BadKey("x all ones", encoded(ones()), "key-not-canonical"));
        for (int sign : new int[] {2, 3}) {
            keys.add(new BadKey("on the twist", with(sign, encoded(twisted())), "key-not-prime-order"));
        }
        return keys.stream();
    }

    // ---- the curve

    private static ECPoint point(BigInteger factor) {
        return CURVE.getG().multiply(factor).normalize();
    }

    private static BigInteger x(ECPoint point) {
        return point.normalize().getAffineXCoord().toBigInteger();
    }

    private static boolean isOnCurve(BigInteger x) {
        return right(x).modPow(P.shiftRight(1), P).equals(BigInteger.ONE);
    }

    private static BigInteger right(BigInteger x) {
        return x.pow(3)
                .subtract(x.multiply(BigInteger.valueOf(3)))
                .add(CURVE.getCurve().getB().toBigInteger())
                .mod(P);
    }

    /** The least x above a number that a point has. */
    private static BigInteger above(BigInteger number) {
        BigInteger x = number.add(BigInteger.ONE);
        while (!isOnCurve(x)) {
            x = x.add(BigInteger.ONE);
        }
        return x;
    }

    private static BigInteger twisted() {
        BigInteger x = BigInteger.ONE;
        while (isOnCurve(x)) {
            x = x.add(BigInteger.ONE);
        }
        return x;
    }

    private static ECPoint lift(BigInteger x) {
        return CURVE.getCurve()
                .createPoint(x, right(x).modPow(P.add(BigInteger.ONE).shiftRight(2), P));
    }

    // ---- bytes

    private static BigInteger ones() {
        return BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    }

    static byte[] raw(BigInteger number) {
        return BigIntegers.asUnsignedByteArray(32, number);
    }

    static byte[] join(BigInteger r, BigInteger s) {
        byte[] signature = Arrays.copyOf(raw(r), 64);
        System.arraycopy(raw(s), 0, signature, 32, 32);
        return signature;
    }

    private static byte[] encoded(BigInteger x) {
        byte[] key = new byte[33];
        System.arraycopy(raw(x), 0, key, 1, 32);
        return with(2, key);
    }

    private static byte[] with(int form, byte[] key) {
        byte[] other = key.clone();
        other[0] = (byte) form;
        return other;
    }

    private static byte[] der(BigInteger r, BigInteger s) {
        String numbers = integer(r) + integer(s);
        return HexFormat.of().parseHex("30" + "%02x".formatted(numbers.length() / 2) + numbers);
    }

    private static String integer(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return "02" + "%02x".formatted(bytes.length) + HexFormat.of().formatHex(bytes);
    }
}
