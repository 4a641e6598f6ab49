package dev.jurat.proof.crypto;

import static dev.jurat.proof.crypto.Field25519.LIMBS;

import java.math.BigInteger;

/**
 * Points of the Edwards curve −x² + y² = 1 + d·x²·y² in arrays of longs, at an offset. A <i>sum</i> has the coordinates X, Y, Z, T with
 * x = X/Z, y = Y/Z, x·y = T/Z; an <i>addend</i> has y + x, y − x and 2d·x·y. All coordinates are tight.
 *
 * <p>The law of addition is complete on this curve, whose d is no square: it holds for every two points, equal, opposite, neutral or of small
 * order. Variable time. Has scratch space of its own: not thread-safe.
 */
final class CurvePoints {
    /** Longs of a sum. */
    static final int SUM = 4 * LIMBS;
    /** Longs of an addend. */
    static final int ADDEND = 3 * LIMBS;

    static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private static final int Y = LIMBS;
    private static final int Z = 2 * LIMBS;
    private static final int T = 3 * LIMBS;

    private static final BigInteger D_NUMBER = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(Field25519.P))
            .mod(Field25519.P);
    private static final long[] D = Field25519.of(D_NUMBER);
    private static final long[] TWICE_D = Field25519.of(D_NUMBER.shiftLeft(1));
    private static final long[] ROOT_OF_MINUS_ONE =
            Field25519.of(BigInteger.TWO.modPow(Field25519.P.shiftRight(2), Field25519.P));
    private static final long[] ONE = Field25519.of(BigInteger.ONE);

    private final long[] a = new long[LIMBS];
    private final long[] b = new long[LIMBS];
    private final long[] c = new long[LIMBS];
    private final long[] d = new long[LIMBS];
    private final long[] e = new long[LIMBS];
    private final long[] f = new long[LIMBS];
    private final long[] g = new long[LIMBS];
    private final long[] h = new long[LIMBS];

    /** Sets the neutral element. */
    static void neutral(long[] out, int o) {
        java.util.Arrays.fill(out, o, o + SUM, 0);
        out[o + Y] = 1;
        out[o + Z] = 1;
    }

    /** Whether a sum is the neutral element; changes its scratch alone. */
    boolean isNeutral(long[] p, int i) {
        System.arraycopy(p, i, a, 0, LIMBS);
        Field25519.subtract(b, 0, p, i + Y, p, i + Z);
        return Field25519.isZero(a, 0) && Field25519.isZero(b, 0);
    }

    /** out = p + q, q an addend. */
    void add(long[] out, int o, long[] p, int i, long[] q, int j) {
        Field25519.subtract(a, 0, p, i + Y, p, i);
        Field25519.multiply(a, 0, a, 0, q, j + LIMBS);
        Field25519.add(b, 0, p, i + Y, p, i);
        Field25519.multiply(b, 0, b, 0, q, j);
        Field25519.multiply(c, 0, p, i + T, q, j + 2 * LIMBS);
        Field25519.add(d, 0, p, i + Z, p, i + Z);
        complete(out, o);
    }

    /** out = p + q, both sums. */
    void addSums(long[] out, int o, long[] p, int i, long[] q, int j) {
        Field25519.subtract(a, 0, p, i + Y, p, i);
        Field25519.subtract(b, 0, q, j + Y, q, j);
        Field25519.multiply(a, 0, a, 0, b, 0);
        Field25519.add(b, 0, p, i + Y, p, i);
        Field25519.add(c, 0, q, j + Y, q, j);
        Field25519.multiply(b, 0, b, 0, c, 0);
        Field25519.multiply(c, 0, p, i + T, TWICE_D, 0);
        Field25519.multiply(c, 0, c, 0, q, j + T);
        Field25519.multiply(d, 0, p, i + Z, q, j + Z);
        Field25519.add(d, 0, d, 0, d, 0);
        complete(out, o);
    }

    /** The second half of an addition, from a = (Y1−X1)(Y2−X2), b = (Y1+X1)(Y2+X2), c = 2d·T1·T2 and d = 2·Z1·Z2. */
    private void complete(long[] out, int o) {
        Field25519.subtract(e, 0, b, 0, a, 0);
        Field25519.subtract(f, 0, d, 0, c, 0);
        Field25519.add(g, 0, d, 0, c, 0);
        Field25519.add(h, 0, b, 0, a, 0);
        Field25519.multiply(out, o, e, 0, f, 0);
        Field25519.multiply(out, o + Y, g, 0, h, 0);
        Field25519.multiply(out, o + Z, f, 0, g, 0);
        Field25519.multiply(out, o + T, e, 0, h, 0);
    }

    /** p = 2^times · p. Only the last doubling finds T, which no doubling reads. */
    void twice(long[] p, int i, int times) {
        for (int n = 1; n <= times; n++) {
            Field25519.square(a, 0, p, i);
            Field25519.square(b, 0, p, i + Y);
            Field25519.square(c, 0, p, i + Z);
            Field25519.add(c, 0, c, 0, c, 0);
            Field25519.add(e, 0, p, i, p, i + Y);
            Field25519.square(d, 0, e, 0);
            Field25519.add(h, 0, a, 0, b, 0);
            Field25519.subtract(e, 0, h, 0, d, 0);
            Field25519.subtract(g, 0, a, 0, b, 0);
            Field25519.add(f, 0, c, 0, g, 0);
            Field25519.multiply(p, i, e, 0, f, 0);
            Field25519.multiply(p, i + Y, g, 0, h, 0);
            Field25519.multiply(p, i + Z, f, 0, g, 0);
            if (n == times) {
                Field25519.multiply(p, i + T, e, 0, h, 0);
            }
        }
    }

    /**
     * Reads a canonical encoding as an addend; false if no point of the curve has it.
     *
     * <p>x² = u/v with u = y² − 1 and v = d·y² + 1; a root, where there is one, is u·v³·(u·v⁷)^((p−5)/8) or √−1 times that (RFC 8032 §5.1.3).
     */
    boolean read(byte[] encoded, int from, long[] out, int o) {
        Field25519.read(encoded, from, d, 0); // y
        Field25519.square(a, 0, d, 0);
        Field25519.multiply(b, 0, a, 0, D, 0);
        Field25519.subtract(a, 0, a, 0, ONE, 0);
        Field25519.tighten(a, 0); // u
        Field25519.add(b, 0, b, 0, ONE, 0); // v
        Field25519.square(c, 0, b, 0);
        Field25519.multiply(c, 0, c, 0, b, 0);
        Field25519.square(e, 0, c, 0);
        Field25519.multiply(e, 0, e, 0, b, 0);
        Field25519.multiply(e, 0, e, 0, a, 0);
        Field25519.rootPower(f, e);
        Field25519.multiply(c, 0, c, 0, a, 0);
        Field25519.multiply(c, 0, c, 0, f, 0); // x, or x / √−1
        Field25519.square(e, 0, c, 0);
        Field25519.multiply(e, 0, e, 0, b, 0); // v·x²
        if (!isRoot()) {
            return false;
        }
        Field25519.reduce(c, 0);
        boolean odd = (encoded[from + 31] & 0x80) != 0;
        if ((c[0] & 1) == 1 != odd) {
            Field25519.subtract(c, 0, new long[LIMBS], 0, c, 0);
            Field25519.tighten(c, 0);
        }
        addend(out, o);
        return true;
    }

    /** Whether c, or c·√−1, which it then becomes, is a root of a/b; e = b·c². */
    private boolean isRoot() {
        Field25519.subtract(f, 0, e, 0, a, 0);
        if (Field25519.isZero(f, 0)) {
            return true;
        }
        Field25519.add(f, 0, e, 0, a, 0);
        Field25519.multiply(c, 0, c, 0, ROOT_OF_MINUS_ONE, 0);
        return Field25519.isZero(f, 0);
    }

    /** The addend of x = c, y = d. */
    private void addend(long[] out, int o) {
        Field25519.add(out, o, d, 0, c, 0);
        Field25519.tighten(out, o);
        Field25519.subtract(out, o + LIMBS, d, 0, c, 0);
        Field25519.tighten(out, o + LIMBS);
        Field25519.multiply(c, 0, c, 0, d, 0);
        Field25519.multiply(out, o + 2 * LIMBS, c, 0, TWICE_D, 0);
    }
}
