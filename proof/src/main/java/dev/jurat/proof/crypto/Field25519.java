package dev.jurat.proof.crypto;

import java.math.BigInteger;

/**
 * Numbers modulo p = 2^255 − 19, each five limbs of 51 bits in an array of longs, at an offset.
 *
 * <p>A limb is <i>tight</i> below 2^51 + 2^17, which is what {@link #multiply}, {@link #square} and {@link #read} leave, and <i>loose</i> below
 * 2^53.5, which is what these take. A sum of two tight numbers, and the difference of a sum and a tight number, are loose.
 *
 * <p>Variable time: for public data alone, as signatures that are checked are.
 */
final class Field25519 {
    /** Limbs of a number. */
    static final int LIMBS = 5;

    static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private static final long MASK = (1L << 51) - 1;
    /** The limbs of 2p, so that a difference stays above zero. */
    private static final long TWICE_P_0 = (1L << 52) - 38;

    private static final long TWICE_P = (1L << 52) - 2;

    private Field25519() {}

    /** The limbs of a number. */
    static long[] of(BigInteger number) {
        long[] limbs = new long[LIMBS];
        BigInteger rest = number.mod(P);
        for (int i = 0; i < LIMBS; i++) {
            limbs[i] = rest.longValue() & MASK;
            rest = rest.shiftRight(51);
        }
        return limbs;
    }

    /** Reads 32 bytes, the lowest first, without the highest bit; below p where the encoding is canonical. */
    static void read(byte[] bytes, int from, long[] out, int o) {
        long a = word(bytes, from);
        long b = word(bytes, from + 8);
        long c = word(bytes, from + 16);
        long d = word(bytes, from + 24);
        out[o] = a & MASK;
        out[o + 1] = (a >>> 51 | b << 13) & MASK;
        out[o + 2] = (b >>> 38 | c << 26) & MASK;
        out[o + 3] = (c >>> 25 | d << 39) & MASK;
        out[o + 4] = d >>> 12 & MASK;
    }

    /** Eight bytes, the lowest first. */
    static long word(byte[] bytes, int from) {
        long word = 0;
        for (int i = 7; i >= 0; i--) {
            word = word << 8 | bytes[from + i] & 0xff;
        }
        return word;
    }

    /** out = a + b, without a carry. */
    static void add(long[] out, int o, long[] a, int i, long[] b, int j) {
        for (int n = 0; n < LIMBS; n++) {
            out[o + n] = a[i + n] + b[j + n];
        }
    }

    /** out = a − b, without a carry; b is tight. */
    static void subtract(long[] out, int o, long[] a, int i, long[] b, int j) {
        out[o] = a[i] + TWICE_P_0 - b[j];
        for (int n = 1; n < LIMBS; n++) {
            out[o + n] = a[i + n] + TWICE_P - b[j + n];
        }
    }

    /**
     * out = a · b. A column is the sum of products of one weight; its part above 51 bits is the sum of what each product has there, which
     * {@code multiplyHigh} gives of shifted factors, and the part below is what then is left of the wrapped sum.
     */
    static void multiply(long[] out, int o, long[] a, int i, long[] b, int j) {
        long a0 = a[i];
        long a1 = a[i + 1];
        long a2 = a[i + 2];
        long a3 = a[i + 3];
        long a4 = a[i + 4];
        long b0 = b[j];
        long b1 = b[j + 1];
        long b2 = b[j + 2];
        long b3 = b[j + 3];
        long b4 = b[j + 4];
        long h0 = high(a0, b0);
        long h1 = high(a0, b1) + high(a1, b0);
        long h2 = high(a0, b2) + high(a1, b1) + high(a2, b0);
        long h3 = high(a0, b3) + high(a1, b2) + high(a2, b1) + high(a3, b0);
        long h4 = high(a0, b4) + high(a1, b3) + high(a2, b2) + high(a3, b1) + high(a4, b0);
        long h5 = high(a1, b4) + high(a2, b3) + high(a3, b2) + high(a4, b1);
        long h6 = high(a2, b4) + high(a3, b3) + high(a4, b2);
        long h7 = high(a3, b4) + high(a4, b3);
        long h8 = high(a4, b4);
        long l0 = a0 * b0 - (h0 << 51) + 19 * (a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 - (h5 << 51));
        long l1 = a0 * b1 + a1 * b0 - (h1 << 51) + 19 * (a2 * b4 + a3 * b3 + a4 * b2 - (h6 << 51));
        long l2 = a0 * b2 + a1 * b1 + a2 * b0 - (h2 << 51) + 19 * (a3 * b4 + a4 * b3 - (h7 << 51));
        long l3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - (h3 << 51) + 19 * (a4 * b4 - (h8 << 51));
        long l4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (h4 << 51);
        carried(out, o, l0 + 19 * h4, l1 + h0 + 19 * h5, l2 + h1 + 19 * h6, l3 + h2 + 19 * h7, l4 + h3 + 19 * h8);
    }

    /** out = a · a. */
    static void square(long[] out, int o, long[] a, int i) {
        square(out, o, a, i, 1);
    }

    /** out = a squared {@code times} times, once or more: what is squared again is kept out of memory. */
    static void square(long[] out, int o, long[] a, int i, int times) {
        long a0 = a[i];
        long a1 = a[i + 1];
        long a2 = a[i + 2];
        long a3 = a[i + 3];
        long a4 = a[i + 4];
        for (int n = 0; n < times; n++) {
            long d0 = 2 * a0;
            long d1 = 2 * a1;
            long d2 = 2 * a2;
            long d3 = 2 * a3;
            long h0 = high(a0, a0);
            long h1 = high(d0, a1);
            long h2 = high(d0, a2) + high(a1, a1);
            long h3 = high(d0, a3) + high(d1, a2);
            long h4 = high(d0, a4) + high(d1, a3) + high(a2, a2);
            long h5 = high(d1, a4) + high(d2, a3);
            long h6 = high(d2, a4) + high(a3, a3);
            long h7 = high(d3, a4);
            long h8 = high(a4, a4);
            long r0 = a0 * a0 - (h0 << 51) + 19 * (d1 * a4 + d2 * a3 - (h5 << 51)) + 19 * h4;
            long r1 = d0 * a1 - (h1 << 51) + 19 * (d2 * a4 + a3 * a3 - (h6 << 51)) + h0 + 19 * h5;
            long r2 = d0 * a2 + a1 * a1 - (h2 << 51) + 19 * (d3 * a4 - (h7 << 51)) + h1 + 19 * h6;
            long r3 = d0 * a3 + d1 * a2 - (h3 << 51) + 19 * (a4 * a4 - (h8 << 51)) + h2 + 19 * h7;
            long r4 = d0 * a4 + d1 * a3 + a2 * a2 - (h4 << 51) + h3 + 19 * h8;
            a0 = (r0 & MASK) + 19 * (r4 >>> 51);
            a1 = (r1 & MASK) + (r0 >>> 51);
            a2 = (r2 & MASK) + (r1 >>> 51);
            a3 = (r3 & MASK) + (r2 >>> 51);
            a4 = (r4 & MASK) + (r3 >>> 51);
        }
        out[o] = a0;
        out[o + 1] = a1;
        out[o + 2] = a2;
        out[o + 3] = a3;
        out[o + 4] = a4;
    }

    /** a · b without its lowest 51 bits. */
    private static long high(long a, long b) {
        return Math.multiplyHigh(a << 6, b << 7);
    }

    /** Hands what is above 51 bits of each limb to the next one, once: limbs below 2^63 become tight. */
    private static void carried(long[] out, int o, long r0, long r1, long r2, long r3, long r4) {
        out[o] = (r0 & MASK) + 19 * (r4 >>> 51);
        out[o + 1] = (r1 & MASK) + (r0 >>> 51);
        out[o + 2] = (r2 & MASK) + (r1 >>> 51);
        out[o + 3] = (r3 & MASK) + (r2 >>> 51);
        out[o + 4] = (r4 & MASK) + (r3 >>> 51);
    }

    /** Makes a loose number tight. */
    static void tighten(long[] a, int i) {
        carried(a, i, a[i], a[i + 1], a[i + 2], a[i + 3], a[i + 4]);
    }

    /** out = a^((p − 5) / 8) = a^(2^252 − 3), by the chain whose exponents are 2^n − 1 for n = 1, 2, 5, 10, 20, 40, 50, 100, 200, 250. */
    static void rootPower(long[] out, long[] a) {
        long[] t = new long[LIMBS];
        long[] ones5 = new long[LIMBS];
        long[] ones10 = new long[LIMBS];
        long[] ones50 = new long[LIMBS];
        square(t, 0, a, 0);
        multiply(ones5, 0, t, 0, a, 0); // 2
        square(t, 0, ones5, 0, 2);
        multiply(t, 0, t, 0, ones5, 0); // 4
        square(t, 0, t, 0);
        multiply(ones5, 0, t, 0, a, 0);
        join(ones10, ones5, ones5, 5);
        join(t, ones10, ones10, 10); // 20
        join(ones50, t, t, 20); // 40
        join(ones50, ones50, ones10, 10);
        join(t, ones50, ones50, 50); // 100
        join(ones10, t, t, 100); // 200
        join(t, ones10, ones50, 50); // 250
        square(t, 0, t, 0, 2);
        multiply(out, 0, t, 0, a, 0);
    }

    /** out = high^(2^count) · low; out is not low. */
    private static void join(long[] out, long[] high, long[] low, int count) {
        square(out, 0, high, 0, count);
        multiply(out, 0, out, 0, low, 0);
    }

    /** The number below p that a tight or loose one is, in the same limbs. */
    static void reduce(long[] a, int i) {
        tighten(a, i);
        long carry = a[i] + 19 >> 51;
        for (int n = 1; n < LIMBS; n++) {
            carry = a[i + n] + carry >> 51;
        }
        // The carry is how often p is in it.
        a[i] += 19 * carry;
        for (int n = 0; n < LIMBS - 1; n++) {
            a[i + n + 1] += a[i + n] >> 51;
            a[i + n] &= MASK;
        }
        a[i + 4] &= MASK;
    }

    /** Whether a number is zero; reduces it. */
    static boolean isZero(long[] a, int i) {
        reduce(a, i);
        return (a[i] | a[i + 1] | a[i + 2] | a[i + 3] | a[i + 4]) == 0;
    }
}
