package dev.jurat.proof.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The limbs against big integers, and the points against the textbook. */
class Field25519Test {
    private static final long TIGHT_MAX = (1L << 51) + (1L << 17) - 1;
    /** 2^53.5. */
    private static final long LOOSE_MAX = 12_738_103_345_051_545L;

    private final Random random = new Random(2551951);

    private static BigInteger value(long[] limbs, int at) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < 5; i++) {
            sum = sum.add(BigInteger.valueOf(limbs[at + i]).shiftLeft(51 * i));
        }
        return sum.mod(Field25519.P);
    }

    private static BigInteger exact(long[] limbs) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < 5; i++) {
            sum = sum.add(BigInteger.valueOf(limbs[i]).shiftLeft(51 * i));
        }
        return sum;
    }

    private static boolean isTight(long[] limbs) {
        for (long limb : limbs) {
            if (limb < 0 || limb > TIGHT_MAX) {
                return false;
            }
        }
        return true;
    }

    /** Numbers at the ends of what limbs may hold, numbers around p, and any. */
    private List<long[]> numbers(long most) {
        List<long[]> numbers = new ArrayList<>();
        numbers.add(new long[5]);
        numbers.add(new long[] {most, most, most, most, most});
        for (int i = 0; i < 5; i++) {
            long[] one = new long[5];
            one[i] = most;
            numbers.add(one);
        }
        for (int near = -20; near <= 20; near++) {
            BigInteger number = Field25519.P.add(BigInteger.valueOf(near));
            long[] limbs = new long[5];
            for (int i = 0; i < 5; i++) {
                limbs[i] = number.shiftRight(51 * i).longValue() & (1L << 51) - 1;
            }
            limbs[4] = number.shiftRight(204).longValueExact();
            numbers.add(limbs);
        }
        for (int n = 0; n < 200; n++) {
            numbers.add(random.longs(5, 0, most + 1).toArray());
        }
        return numbers;
    }

    @Test
    void productsAndSquaresOfLooseNumbersAreWrong() {
        List<long[]> numbers = numbers(LOOSE_MAX);
        for (long[] a : numbers) {
            long[] square = a.clone();
            Field25519.square(square, 0, square, 0);
            assertEquals(value(a, 0).pow(2).mod(Field25519.P), value(square, 0));
            assertTrue(isTight(square));
            for (long[] b : numbers) {
                long[] product = new long[7];
                Field25519.multiply(product, 2, a, 0, b, 0);
                assertEquals(value(a, 0).multiply(value(b, 0)).mod(Field25519.P), value(product, 2));
                assertTrue(isTight(java.util.Arrays.copyOfRange(product, 2, 7)));
            }
        }
    }

    @Test
    void sumsAndDifferencesAreWrong() {
        for (long[] a : numbers(LOOSE_MAX / 4)) {
            for (long[] b : numbers(TIGHT_MAX)) {
                long[] sum = new long[5];
                Field25519.add(sum, 0, a, 0, b, 0);
                assertEquals(value(a, 0).add(value(b, 0)).mod(Field25519.P), value(sum, 0));
                long[] difference = new long[5];
                Field25519.subtract(difference, 0, a, 0, b, 0);
                assertEquals(value(a, 0).subtract(value(b, 0)).mod(Field25519.P), value(difference, 0));
            }
        }
    }

    @Test
    void aNumberHasTwoReducedForms() {
        for (long[] a : numbers(LOOSE_MAX)) {
            long[] reduced = a.clone();
            Field25519.reduce(reduced, 0);
            assertEquals(value(a, 0), exact(reduced));
            assertEquals(value(a, 0).signum() == 0, Field25519.isZero(a.clone(), 0));
        }
    }

    @Test
    void thePowerForRootsIsAnother() {
        BigInteger exponent = Field25519.P.subtract(BigInteger.valueOf(5)).shiftRight(3);
        for (long[] a : numbers(LOOSE_MAX).subList(0, 80)) {
            long[] power = new long[5];
            Field25519.rootPower(power, a);
            assertEquals(value(a, 0).modPow(exponent, Field25519.P), value(power, 0));
        }
    }

    @Test
    void bytesAreReadAsAnotherNumber() {
        for (int n = 0; n < 200; n++) {
            byte[] bytes = new byte[40];
            random.nextBytes(bytes);
            long[] limbs = new long[5];
            Field25519.read(bytes, 8, limbs, 0);
            byte[] copy = java.util.Arrays.copyOfRange(bytes, 8, 40);
            copy[31] &= 0x7f;
            assertEquals(Edwards.fromLittleEndian(copy), exact(limbs));
            assertArrayEquals(limbs, Field25519.of(exact(limbs)).clone());
        }
    }

    // ---- points

    private static Edwards.Point affine(long[] sum, int at) {
        BigInteger inverse = value(sum, at + 10).modInverse(Field25519.P);
        BigInteger x = value(sum, at).multiply(inverse).mod(Field25519.P);
        BigInteger y = value(sum, at + 5).multiply(inverse).mod(Field25519.P);
        assertEquals(
                value(sum, at + 15).multiply(inverse).mod(Field25519.P),
                x.multiply(y).mod(Field25519.P),
                "T");
        return new Edwards.Point(x, y);
    }

    /** Points of every order and their sums, doubles included. */
    @Test
    void theLawOfAdditionHasAnException() {
        CurvePoints points = new CurvePoints();
        List<Edwards.Point> all = new ArrayList<>();
        for (int torsion = 0; torsion < 8; torsion++) {
            for (long factor : new long[] {0, 1, 12345}) {
                all.add(Edwards.BASE.times(factor).plus(Edwards.torsion().times(torsion)));
            }
        }
        for (Edwards.Point p : all) {
            for (Edwards.Point q : all) {
                long[] sum = sum(points, p);
                long[] addend = addend(points, q);
                long[] out = new long[20];
                points.add(out, 0, sum, 0, addend, 0);
                assertEquals(p.plus(q), affine(out, 0));
                points.addSums(out, 0, sum, 0, sum(points, q), 0);
                assertEquals(p.plus(q), affine(out, 0));
                assertEquals(p.plus(q).equals(Edwards.NEUTRAL), points.isNeutral(out, 0));
            }
            long[] twice = sum(points, p);
            points.twice(twice, 0, 3);
            assertEquals(p.times(8), affine(twice, 0));
        }
    }

    private static long[] addend(CurvePoints points, Edwards.Point point) {
        long[] addend = new long[15];
        assertTrue(points.read(point.encoded(), 0, addend, 0));
        return addend;
    }

    private static long[] sum(CurvePoints points, Edwards.Point point) {
        long[] sum = new long[20];
        CurvePoints.neutral(sum, 0);
        points.add(sum, 0, sum, 0, addend(points, point), 0);
        assertEquals(point, affine(sum, 0));
        return sum;
    }

    @Test
    void anEncodingOffTheCurveIsRead() {
        CurvePoints points = new CurvePoints();
        int off = 0;
        for (int n = 0; n < 200; n++) {
            BigInteger y = new BigInteger(255, random).mod(Field25519.P);
            boolean read = points.read(Edwards.littleEndian(y), 0, new long[15], 0);
            assertEquals(Edwards.isOnCurve(y), read);
            off += read ? 0 : 1;
        }
        assertTrue(off > 50 && off < 150);
    }

    @Test
    void aSumOfOtherPointsIsOfPrimeOrder() {
        CurvePoints points = new CurvePoints();
        for (int torsion = 0; torsion < 8; torsion++) {
            for (int count : new int[] {1, 3, 40}) {
                long[] addends = new long[count * 15];
                byte[] factors = new byte[count * 16];
                random.nextBytes(factors);
                BigInteger total = BigInteger.ZERO;
                BigInteger torsions = BigInteger.ZERO;
                for (int i = 0; i < count; i++) {
                    int own = i == 0 ? torsion : 0;
                    Edwards.Point point =
                            Edwards.BASE.times(i + 1).plus(Edwards.torsion().times(own));
                    assertTrue(points.read(point.encoded(), 0, addends, i * 15));
                    BigInteger factor =
                            Edwards.fromLittleEndian(java.util.Arrays.copyOfRange(factors, i * 16, i * 16 + 16));
                    total = total.add(factor.multiply(BigInteger.valueOf(i + 1L)));
                    torsions = torsions.add(factor.multiply(BigInteger.valueOf(own)));
                }
                BitSums sums = BitSums.of(addends, count, factors, 16);
                Edwards.Point wanted =
                        Edwards.BASE.times(total).plus(Edwards.torsion().times(torsions.mod(BigInteger.valueOf(8))));
                assertEquals(wanted, affine(sums.total(), 0));
                assertEquals(torsion == 0, sums.areOfPrimeOrder(), "torsion " + torsion);
                assertFalse(points.isNeutral(sums.total(), 0));
            }
        }
    }
}
