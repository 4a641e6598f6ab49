package dev.jurat.proof.crypto;

import static dev.jurat.proof.crypto.CurvePoints.ADDEND;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Many Ed25519 signatures checked at once, under the same strict profile as {@link VerifyKey#verifies}: for readers of what is in a log
 * already, and never to admit.
 *
 * <p>With a random z of 128 bits for each signature, not zero, these two hold together:
 *
 * <ol>
 *   <li>for each of the 128 bits, the sum of those R whose z has the bit lies in the subgroup of prime order;
 *   <li>Σ z·R + Σ (z·k)·A = (Σ z·S)·B, without the cofactor.
 * </ol>
 *
 * <p>Security property: where one signature of the batch is not valid, they hold for at most one of the 2^128 − 1 values of its z, whatever the
 * others are. Either its R has a part T of small order: of the two values of a bit at most one leaves the sum in the subgroup, since the sums
 * for the two differ by T; that is one z at most. Or every R is of prime order, as every A is, and S·B − R − k·A is not neutral and of prime
 * order: z times it is what the rest lacks for one z at most. The mistake that looks right but is not: the second equation by itself, with or
 * without the cofactor, which a holder of a key passes with a T in every second try, or always. The random numbers must not be known to
 * whoever made the signatures.
 *
 * <p>A batch that fails is halved until few are left, and these are checked one by one: only the single check calls a signature invalid.
 * Variable time, for public data. Thread-safe as its two ports are.
 */
public final class Ed25519Batch {
    /** Below this the single check is sooner done. */
    private static final int FEW = 32;

    private static final int COEFFICIENT = 16;
    private static final int SCALAR = 32;
    private static final int DIGEST_WORDS = 8;
    private static final int S_WORDS = 4;
    private static final byte[] BASE = Arrays.copyOf(new byte[] {0x58}, SCALAR);
    private static final MessageDigest SHA512 = lookUp();

    static {
        Arrays.fill(BASE, 1, SCALAR, (byte) 0x66);
    }

    private final RandomSource random;
    private final SignatureChecker single;

    /** A signature that is to be checked. */
    public record Signed(VerifyKey key, byte[] message, byte[] signature) {}

    /**
     * A way to check in batches.
     *
     * @param random must be secure
     * @param single has the last word on what a batch does not pass
     */
    public Ed25519Batch(RandomSource random, SignatureChecker single) {
        this.random = random;
        this.single = single;
    }

    /** Which of these are valid under the strict profile, in their order. Best with some thousand. */
    public boolean[] verify(List<Signed> batch) {
        boolean[] valid = new boolean[batch.size()];
        Terms terms = new Terms(batch);
        int[] readable = terms.readable();
        verify(batch, terms, readable, valid);
        for (int i = 0; i < valid.length; i++) {
            valid[i] = valid[i] || !terms.read[i] && single(batch.get(i));
        }
        return valid;
    }

    private void verify(List<Signed> batch, Terms terms, int[] chosen, boolean[] valid) {
        if (chosen.length >= FEW && holds(terms, chosen)) {
            for (int i : chosen) {
                valid[i] = true;
            }
        } else if (chosen.length >= FEW) {
            verify(batch, terms, Arrays.copyOf(chosen, chosen.length / 2), valid);
            verify(batch, terms, Arrays.copyOfRange(chosen, chosen.length / 2, chosen.length), valid);
        } else {
            for (int i : chosen) {
                valid[i] = single(batch.get(i));
            }
        }
    }

    private boolean single(Signed one) {
        return single.verifies(one.key(), one.message(), one.signature());
    }

    // ---- the two conditions

    private boolean holds(Terms terms, int[] chosen) {
        byte[] coefficients = coefficients(chosen.length);
        long[] addends = new long[chosen.length * ADDEND];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(terms.addends, chosen[i] * ADDEND, addends, i * ADDEND, ADDEND);
        }
        BitSums sums = BitSums.of(addends, chosen.length, coefficients, COEFFICIENT);
        return sums.areOfPrimeOrder() && cancels(sums.total(), keys(terms, chosen, coefficients));
    }

    private byte[] coefficients(int count) {
        byte[] all = random.bytes(count * COEFFICIENT);
        for (int i = 0; i < all.length; i += COEFFICIENT) {
            while ((Field25519.word(all, i) | Field25519.word(all, i + 8)) == 0) {
                System.arraycopy(random.bytes(COEFFICIENT), 0, all, i, COEFFICIENT);
            }
        }
        return all;
    }

    private static boolean cancels(long[] nonces, long[] rest) {
        CurvePoints points = new CurvePoints();
        points.addSums(nonces, 0, nonces, 0, rest, 0);
        return points.isNeutral(nonces, 0);
    }

    /** Σ (z·k)·A − (Σ z·S)·B, each key once. */
    private static long[] keys(Terms terms, int[] chosen, byte[] coefficients) {
        Map<VerifyKey, ProductSum> byKey = new LinkedHashMap<>();
        ProductSum base = new ProductSum();
        for (int i = 0; i < chosen.length; i++) {
            int at = chosen[i];
            long low = Field25519.word(coefficients, i * COEFFICIENT);
            long high = Field25519.word(coefficients, i * COEFFICIENT + 8);
            byKey.computeIfAbsent(terms.keys[at], key -> new ProductSum())
                    .add(terms.digests, at * DIGEST_WORDS, DIGEST_WORDS, low, high);
            base.add(terms.responses, at * S_WORDS, S_WORDS, low, high);
        }
        int count = byKey.size() + 1;
        long[] addends = new long[count * ADDEND];
        byte[] scalars = new byte[count * SCALAR];
        put(BASE, CurvePoints.ORDER.subtract(base.reduced()), 0, addends, scalars);
        int next = 1;
        for (Map.Entry<VerifyKey, ProductSum> one : byKey.entrySet()) {
            put(one.getKey().bytes(), one.getValue().reduced(), next++, addends, scalars);
        }
        return BitSums.of(addends, count, scalars, SCALAR).total();
    }

    private static void put(byte[] encoded, BigInteger scalar, int at, long[] addends, byte[] scalars) {
        if (!new CurvePoints().read(encoded, 0, addends, at * ADDEND)) {
            throw new IllegalStateException("a checked key is a point of the curve");
        }
        byte[] bytes = scalar.toByteArray();
        for (int i = 0; i < bytes.length && i < SCALAR; i++) {
            scalars[at * SCALAR + i] = bytes[bytes.length - 1 - i];
        }
    }

    private static MessageDigest lookUp() {
        try {
            return MessageDigest.getInstance("SHA-512", "SUN");
        } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
            throw new IllegalStateException("this JDK has no SHA-512", e);
        }
    }

    /** What is made of each signature once, however often its batch is halved. */
    private static final class Terms {
        final VerifyKey[] keys;
        /** Whether R is the canonical encoding of a point and S below the order: the rest is left to the single check. */
        final boolean[] read;

        final long[] addends;
        final long[] digests;
        final long[] responses;

        Terms(List<Signed> batch) {
            int count = batch.size();
            keys = new VerifyKey[count];
            read = new boolean[count];
            addends = new long[count * ADDEND];
            digests = new long[count * DIGEST_WORDS];
            responses = new long[count * S_WORDS];
            CurvePoints points = new CurvePoints();
            for (int i = 0; i < count; i++) {
                Signed one = batch.get(i);
                keys[i] = one.key();
                read[i] = one.key().suite() == Suite.ED25519_2026
                        && Ed25519Points.isSignature(one.signature())
                        && points.read(one.signature(), 0, addends, i * ADDEND);
                if (read[i]) {
                    words(digest(one), digests, i * DIGEST_WORDS, 0, DIGEST_WORDS);
                    words(one.signature(), responses, i * S_WORDS, SCALAR, S_WORDS);
                }
            }
        }

        /** k, as the 64 bytes that SHA-512 gives. */
        private static byte[] digest(Signed one) {
            try {
                MessageDigest digest = (MessageDigest) SHA512.clone();
                digest.update(one.signature(), 0, SCALAR);
                digest.update(one.key().bytes());
                return digest.digest(one.message());
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("the JDK's own SHA-512 can be cloned", e);
            }
        }

        private static void words(byte[] bytes, long[] out, int o, int from, int count) {
            for (int i = 0; i < count; i++) {
                out[o + i] = Field25519.word(bytes, from + 8 * i);
            }
        }

        int[] readable() {
            return java.util.stream.IntStream.range(0, read.length)
                    .filter(i -> read[i])
                    .toArray();
        }
    }
}
