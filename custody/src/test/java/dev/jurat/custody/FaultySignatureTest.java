package dev.jurat.custody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.VerifyKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A provider whose arithmetic fails, behind the port of every custody. Ed25519 takes its nonce from the message, so that a fault between nonce and
 * challenge gives a second signature with the same nonce: two of them are the private key.
 */
class FaultySignatureTest {
    private static final byte[] MESSAGE = "what is signed".getBytes(StandardCharsets.UTF_8);
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private final byte[] seed = RandomSource.secure().bytes(SoftwareKey.SEED_BYTES);
    private final SoftwareKey sound = SoftwareKey.ofSeed(seed);

    /** A custody's key whose provider does this to each signature before it hands it on. */
    private static final class Faulty extends CheckedKey {
        private final SoftwareKey key;
        private final UnaryOperator<byte[]> fault;

        Faulty(SoftwareKey key, UnaryOperator<byte[]> fault) {
            super(key.verifyKey());
            this.key = key;
            this.fault = fault;
        }

        @Override
        protected byte[] signed(byte[] message) {
            return fault.apply(key.sign(message));
        }

        @Override
        protected void release() {
            key.close();
        }
    }

    private void refused(UnaryOperator<byte[]> fault) {
        CustodyException e = assertThrows(CustodyException.class, () -> new Faulty(sound, fault).sign(MESSAGE));
        assertEquals(CustodyCode.FAILED, e.code());
    }

    @Test
    void aSignatureWithAFlippedBitIsHandedOn() {
        assertArrayEquals(sound.sign(MESSAGE), new Faulty(sound, signature -> signature).sign(MESSAGE));
        for (int bit = 0; bit < 512; bit++) {
            int at = bit;
            refused(signature -> {
                signature[at / 8] ^= (byte) (1 << at % 8);
                return signature;
            });
        }
    }

    @Test
    void aSignatureOfAnotherFormIsHandedOn() {
        refused(signature -> new byte[0]);
        refused(signature -> new byte[64]);
        refused(signature -> Arrays.copyOf(signature, 63));
        refused(signature -> Arrays.copyOf(signature, 65));
        refused(signature -> SoftwareKey.generate(RandomSource.secure()).sign(MESSAGE));
        refused(signature -> {
            BigInteger s = little(signature, 32, 64).add(ORDER);
            System.arraycopy(littleBytes(s), 0, signature, 32, 32);
            return signature;
        });
    }

    /** The attack that the check is there for: it works, and what it needs is not handed on. */
    @Test
    void twoSignaturesWithOneNonceAreHandedOn() {
        byte[] good = sound.sign(MESSAGE);
        byte[] flipped = MESSAGE.clone();
        flipped[3] ^= 1;
        byte[] faulty = challengedWith(flipped);
        assertArrayEquals(Arrays.copyOf(good, 32), Arrays.copyOf(faulty, 32), "the same nonce");
        BigInteger stolen = difference(little(good, 32, 64), little(faulty, 32, 64))
                .multiply(difference(challenge(good, MESSAGE), challenge(faulty, flipped))
                        .modInverse(ORDER))
                .mod(ORDER);
        assertEquals(scalar().mod(ORDER), stolen, "this is the private key");
        refused(signature -> challengedWith(flipped));
    }

    /** What a processor signs that reads one bit of the message wrong the second time. */
    private byte[] challengedWith(byte[] misread) {
        byte[] signature = sound.sign(MESSAGE);
        BigInteger nonce = little(sha512(Arrays.copyOfRange(sha512(seed), 32, 64), MESSAGE), 0, 64);
        BigInteger s =
                nonce.add(challenge(signature, misread).multiply(scalar())).mod(ORDER);
        System.arraycopy(littleBytes(s), 0, signature, 32, 32);
        return signature;
    }

    private BigInteger scalar() {
        byte[] half = Arrays.copyOf(sha512(seed), 32);
        half[0] &= (byte) 0xf8;
        half[31] = (byte) (half[31] & 0x3f | 0x40);
        return little(half, 0, 32);
    }

    private BigInteger challenge(byte[] signature, byte[] message) {
        VerifyKey key = sound.verifyKey();
        return little(sha512(Arrays.copyOf(signature, 32), key.bytes(), message), 0, 64);
    }

    private static BigInteger difference(BigInteger a, BigInteger b) {
        return a.subtract(b).mod(ORDER);
    }

    private static BigInteger little(byte[] bytes, int from, int to) {
        byte[] big = new byte[to - from];
        for (int i = 0; i < big.length; i++) {
            big[i] = bytes[to - 1 - i];
        }
        return new BigInteger(1, big);
    }

    private static byte[] littleBytes(BigInteger number) {
        byte[] out = new byte[32];
        for (int i = 0; i < 32; i++) {
            out[i] = number.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    private static byte[] sha512(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
