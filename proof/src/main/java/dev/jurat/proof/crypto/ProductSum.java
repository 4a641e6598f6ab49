package dev.jurat.proof.crypto;

import java.math.BigInteger;

/** A sum of products of unsigned numbers, kept whole until it is asked for modulo the group order. Not thread-safe. */
final class ProductSum {
    /** Room for a product of 512 and 128 bits, and for 2^64 of them. */
    private final long[] words = new long[11];

    /** Adds number · (high · 2^64 + low), the number in words, the lowest first. */
    void add(long[] number, int from, int count, long low, long high) {
        add(number, from, count, low, 0);
        add(number, from, count, high, 1);
    }

    private void add(long[] number, int from, int count, long factor, int shift) {
        long carry = 0;
        for (int i = 0; i < count; i++) {
            long product = number[from + i] * factor;
            long above = Math.unsignedMultiplyHigh(number[from + i], factor);
            long sum = words[shift + i] + product;
            above += Long.compareUnsigned(sum, product) < 0 ? 1 : 0;
            words[shift + i] = sum + carry;
            carry = above + (Long.compareUnsigned(words[shift + i], carry) < 0 ? 1 : 0);
        }
        for (int i = shift + count; carry != 0; i++) {
            words[i] += carry;
            carry = Long.compareUnsigned(words[i], carry) < 0 ? 1 : 0;
        }
    }

    /** The sum modulo the order of the base point. */
    BigInteger reduced() {
        byte[] bytes = new byte[words.length * 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[bytes.length - 1 - i] = (byte) (words[i >>> 3] >>> 8 * (i & 7));
        }
        return new BigInteger(1, bytes).mod(CurvePoints.ORDER);
    }
}
