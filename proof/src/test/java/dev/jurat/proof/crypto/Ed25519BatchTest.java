package dev.jurat.proof.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Ed25519Batch.Signed;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches against the single check, with whatever a dishonest holder of a key can make. */
class Ed25519BatchTest {
    private final Random random = new Random(8032);
    private final AtomicInteger singly = new AtomicInteger();
    private final Ed25519Batch batch = new Ed25519Batch(random::nextBytes, this::single);

    private boolean single(VerifyKey key, byte[] message, byte[] signature) {
        singly.incrementAndGet();
        return key.verifies(message, signature);
    }

    private static boolean[] bySingleChecks(List<Signed> all) {
        boolean[] valid = new boolean[all.size()];
        for (int i = 0; i < valid.length; i++) {
            Signed one = all.get(i);
            valid[i] = one.key().verifies(one.message(), one.signature());
        }
        return valid;
    }

    private List<Signed> honest(int count, int keys) {
        List<SoftwareKey> signers = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            signers.add(SoftwareKey.generate(random::nextBytes));
        }
        List<Signed> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SoftwareKey key = signers.get(random.nextInt(keys));
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(message);
            all.add(new Signed(key.verifyKey(), message, key.sign(message)));
        }
        return all;
    }

    private static Signed hostile(byte[] signature) throws Exception {
        return new Signed(VerifyKey.ed25519(HostileSignatures.key()), HostileSignatures.message(), signature);
    }

    /** A signature whose equation holds but for a point of small order in R. */
    private static Signed torsioned(long nonce, int torsion) throws Exception {
        BigInteger number = BigInteger.valueOf(nonce);
        return hostile(HostileSignatures.signature(HostileSignatures.point(number, torsion), number));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 100, 700})
    void honestSignaturesAreRefused(int count) {
        List<Signed> all = honest(count, Math.max(1, count / 7));
        boolean[] valid = batch.verify(all);
        assertEquals(count, valid.length);
        for (boolean one : valid) {
            assertTrue(one);
        }
        assertEquals(count < 32 ? count : 0, singly.get(), "checked one by one");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 60, 200})
    void aChangedBitIsNotNamed(int defects) {
        List<Signed> all = honest(200, 9);
        for (int n = 0; n < defects; n++) {
            int at = random.nextInt(all.size());
            Signed one = all.get(at);
            byte[] message = one.message().clone();
            byte[] signature = one.signature().clone();
            byte[] target = message.length > 0 && random.nextInt(3) == 0 ? message : signature;
            target[random.nextInt(target.length)] ^= (byte) (1 << random.nextInt(8));
            all.set(at, new Signed(one.key(), message, signature));
        }
        assertArrayEquals(bySingleChecks(all), batch.verify(all));
    }

    @Test
    void aSignatureOfAnotherKeyIsTaken() {
        List<Signed> all = honest(64, 2);
        SoftwareKey other = SoftwareKey.generate(random::nextBytes);
        all.set(
                40,
                new Signed(other.verifyKey(), all.get(40).message(), all.get(40).signature()));
        assertArrayEquals(bySingleChecks(all), batch.verify(all));
        assertTrue(singly.get() <= 32, "checked one by one: " + singly);
    }

    /** Each alone among many, and all together. */
    @Test
    void aHostileSignatureIsTakenOrAnHonestOneBesideItNot() throws Exception {
        List<Signed> all = new ArrayList<>(honest(100, 3));
        for (HostileSignatures.Case c : HostileSignatures.signatures().toList()) {
            List<Signed> one = honest(40, 2);
            one.add(random.nextInt(one.size()), hostile(c.signature()));
            assertArrayEquals(bySingleChecks(one), batch.verify(one), c.name());
            all.add(hostile(c.signature()));
        }
        Collections.shuffle(all, random);
        boolean[] valid = batch.verify(all);
        assertArrayEquals(bySingleChecks(all), valid);
    }

    /** The equation with the cofactor holds for these whatever the coefficients are; the single check and ours refuse each. */
    @Test
    void torsionInRPassesAsInABatchWithTheCofactor() throws Exception {
        Edwards.Point sum = Edwards.NEUTRAL;
        List<Signed> all = new ArrayList<>();
        for (int torsion = 1; torsion < 8; torsion++) {
            all.add(torsioned(1000 + torsion, torsion));
        }
        BigInteger scalar =
                Edwards.scalar("the seed of a dishonest signer..".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        for (Signed one : all) {
            BigInteger z = new BigInteger(128, random);
            byte[] r = java.util.Arrays.copyOf(one.signature(), 32);
            BigInteger s = Edwards.fromLittleEndian(java.util.Arrays.copyOfRange(one.signature(), 32, 64));
            BigInteger k = Edwards.challenge(r, HostileSignatures.key(), HostileSignatures.message());
            int torsion = all.indexOf(one) + 1;
            Edwards.Point nonce =
                    Edwards.BASE.times(1000 + torsion).plus(Edwards.torsion().times(torsion));
            assertArrayEquals(nonce.encoded(), r);
            // S·B − k·A − R, by the key's own scalar, times its coefficient.
            BigInteger known = s.subtract(k.multiply(scalar)).mod(Edwards.L);
            Edwards.Point lacking = Edwards.BASE
                    .times(known)
                    .plus(nonce.times(Edwards.L.multiply(BigInteger.valueOf(8)).subtract(BigInteger.ONE)));
            sum = sum.plus(lacking.times(z.mod(Edwards.L.multiply(BigInteger.valueOf(8)))));
        }
        assertEquals(Edwards.NEUTRAL, sum.times(8), "a batch with the cofactor takes them all");
        List<Signed> mixed = new ArrayList<>(honest(40, 3));
        mixed.addAll(all);
        boolean[] valid = batch.verify(mixed);
        assertArrayEquals(bySingleChecks(mixed), valid);
        for (int i = 40; i < 47; i++) {
            assertFalse(valid[i]);
        }
    }

    /** Pairs whose small parts cancel, as somebody makes them who hopes for a sum; with each coefficient's last bits unknown, no sum does. */
    @Test
    void torsionThatCancelsIsTaken() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<Signed> all = honest(34, 2);
            for (int torsion : new int[] {4, 4, 2, 6, 1, 7}) {
                all.add(random.nextInt(all.size()), torsioned(2000 + all.size(), torsion));
            }
            assertArrayEquals(bySingleChecks(all), batch.verify(all));
        }
    }

    /** An error in one signature that another one takes back, were their coefficients the same. */
    @Test
    void errorsThatCancelAreTaken() {
        List<Signed> all = honest(40, 1);
        for (int i = 10; i < 12; i++) {
            byte[] signature = all.get(i).signature().clone();
            BigInteger s = Edwards.fromLittleEndian(java.util.Arrays.copyOfRange(signature, 32, 64));
            BigInteger moved = (i == 10 ? s.add(BigInteger.ONE) : s.subtract(BigInteger.ONE)).mod(Edwards.L);
            System.arraycopy(Edwards.littleEndian(moved), 0, signature, 32, 32);
            all.set(i, new Signed(all.get(i).key(), all.get(i).message(), signature));
        }
        boolean[] valid = batch.verify(all);
        assertArrayEquals(bySingleChecks(all), valid);
        assertFalse(valid[10] || valid[11]);
    }

    /** A coefficient of zero would check nothing of its signature. */
    @Test
    void aCoefficientIsZero() {
        List<Signed> all = honest(40, 1);
        byte[] forged = all.get(7).signature().clone();
        forged[40] ^= 1;
        all.set(7, new Signed(all.get(7).key(), all.get(7).message(), forged));
        AtomicInteger drawn = new AtomicInteger();
        RandomSource zeros = bytes -> {
            if (bytes.length == 16 || drawn.getAndIncrement() > 0) {
                random.nextBytes(bytes);
            }
        };
        assertArrayEquals(bySingleChecks(all), new Ed25519Batch(zeros, this::single).verify(all));
        assertEquals(1, Math.min(1, drawn.get()));
    }

    /** Only what the single check refuses is refused. */
    @Test
    void theSingleCheckHasNotTheLastWord() {
        List<Signed> all = honest(64, 2);
        byte[] forged = all.get(3).signature().clone();
        forged[33] ^= 1;
        all.set(3, new Signed(all.get(3).key(), all.get(3).message(), forged));
        boolean[] valid = new Ed25519Batch(random::nextBytes, (key, message, signature) -> true).verify(all);
        for (boolean one : valid) {
            assertTrue(one);
        }
    }
}
