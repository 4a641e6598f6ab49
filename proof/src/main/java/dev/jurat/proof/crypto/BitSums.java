package dev.jurat.proof.crypto;

import static dev.jurat.proof.crypto.CurvePoints.ADDEND;
import static dev.jurat.proof.crypto.CurvePoints.SUM;

import java.math.BigInteger;

/**
 * For each bit of some factors, the sum of the points whose factor has it: from these sums follows the sum of all points times their factors,
 * and whether all points lie in the subgroup of prime order.
 *
 * <p>Made by buckets, as Pippenger has it: a window of bits at a time, each point is added to the bucket of what its factor has there, and the
 * buckets are folded upon one another bit by bit. So a sum a bit costs no more than the sum of all. Variable time; not thread-safe.
 */
final class BitSums {
    private static final int WINDOW_MAX = 11;
    /** The order of the base point is 2^252 plus this. */
    private static final BigInteger ORDER_LOW = CurvePoints.ORDER.clearBit(252);

    private final CurvePoints points = new CurvePoints();
    private final int bits;
    private final long[] sums;

    private BitSums(int bits) {
        this.bits = bits;
        this.sums = new long[bits * SUM];
        for (int bit = 0; bit < bits; bit++) {
            CurvePoints.neutral(sums, bit * SUM);
        }
    }

    /**
     * Adds up.
     *
     * @param addends the points
     * @param factors a factor of {@code bytes} bytes for each, the lowest first
     */
    static BitSums of(long[] addends, int count, byte[] factors, int bytes) {
        BitSums made = new BitSums(bytes * 8);
        int window = window(count, bytes * 8);
        long[] buckets = new long[SUM << window];
        for (int low = 0; low < made.bits; low += window) {
            int width = Math.min(window, made.bits - low);
            for (int bucket = 0; bucket < 1 << width; bucket++) {
                CurvePoints.neutral(buckets, bucket * SUM);
            }
            for (int i = 0; i < count; i++) {
                int bucket = SUM * digit(factors, i * bytes, bytes, low, width);
                if (bucket > 0) {
                    made.points.add(buckets, bucket, buckets, bucket, addends, i * ADDEND);
                }
            }
            made.fold(buckets, low, width);
        }
        return made;
    }

    /** The width for which the fewest additions are made. */
    private static int window(int count, int bits) {
        int best = 1;
        for (int width = 2; width <= WINDOW_MAX; width++) {
            if (additions(count, bits, width) < additions(count, bits, best)) {
                best = width;
            }
        }
        return best;
    }

    private static long additions(int count, int bits, int width) {
        return (long) ((bits + width - 1) / width) * (count + (2L << width));
    }

    private static int digit(byte[] factors, int from, int bytes, int low, int width) {
        int at = low >>> 3;
        int three = factors[from + at] & 0xff;
        if (at + 1 < bytes) {
            three |= (factors[from + at + 1] & 0xff) << 8;
        }
        if (at + 2 < bytes) {
            three |= (factors[from + at + 2] & 0xff) << 16;
        }
        return three >>> (low & 7) & (1 << width) - 1;
    }

    /** What has the highest bit is summed for that bit, and then counts as what has it not. */
    private void fold(long[] buckets, int low, int width) {
        for (int bit = width - 1; bit >= 0; bit--) {
            int half = 1 << bit;
            int sum = (low + bit) * SUM;
            for (int bucket = half; bucket < 2 * half; bucket++) {
                points.addSums(sums, sum, sums, sum, buckets, bucket * SUM);
                int rest = (bucket - half) * SUM;
                if (rest > 0) {
                    points.addSums(buckets, rest, buckets, rest, buckets, bucket * SUM);
                }
            }
        }
    }

    /** The sum of each point times its factor. */
    long[] total() {
        long[] total = new long[SUM];
        CurvePoints.neutral(total, 0);
        for (int bit = bits - 1; bit >= 0; bit--) {
            points.twice(total, 0, 1);
            points.addSums(total, 0, total, 0, sums, bit * SUM);
        }
        return total;
    }

    /** Whether every one of the sums lies in the subgroup of prime order: the order times it is neutral. */
    boolean areOfPrimeOrder() {
        for (int bit = 0; bit < bits; bit++) {
            if (!isOfPrimeOrder(bit * SUM)) {
                return false;
            }
        }
        return true;
    }

    private boolean isOfPrimeOrder(int sum) {
        long[] multiples = new long[16 * SUM];
        CurvePoints.neutral(multiples, 0);
        for (int i = 1; i < 16; i++) {
            points.addSums(multiples, i * SUM, multiples, (i - 1) * SUM, sums, sum);
        }
        long[] product = new long[SUM];
        System.arraycopy(sums, sum, product, 0, SUM);
        points.twice(product, 0, 252 - 124);
        for (int digit = 31; digit >= 0; digit--) {
            int value = ORDER_LOW.shiftRight(4 * digit).intValue() & 15;
            points.addSums(product, 0, product, 0, multiples, value * SUM);
            points.twice(product, 0, digit > 0 ? 4 : 0);
        }
        return points.isNeutral(product, 0);
    }
}
