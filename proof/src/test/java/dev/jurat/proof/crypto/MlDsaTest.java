package dev.jurat.proof.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.junit.jupiter.api.Test;

/** Two implementations of ML-DSA-44, the JDK's and BouncyCastle's, held against each other. */
class MlDsaTest {
    private static final int SPKI_HEAD = 22;

    private final Random random = new Random(44);

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static boolean byBouncyCastle(byte[] key, byte[] message, byte[] signature) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, key));
        signer.update(message, 0, message.length);
        return signer.verifySignature(signature);
    }

    @Test
    void whatOneSignsTheOtherRefuses() throws Exception {
        for (int i = 0; i < 20; i++) {
            MlDsaKey key = MlDsaKey.ofSeed(bytes(MlDsaKey.SEED_BYTES));
            byte[] message = bytes(i * 37);
            byte[] signature = key.sign(message);
            assertTrue(key.verifyKey().verifies(message, signature));
            assertTrue(byBouncyCastle(key.verifyKey().bytes(), message, signature));
            assertArrayEquals(signature, key.sign(message));
            assertEquals(key.verifyKey(), MlDsaVerifyKey.of(key.verifyKey().bytes()));
        }
    }

    @Test
    void whatTheJdkSignsIsRefused() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
        byte[] spki = pair.getPublic().getEncoded();
        MlDsaVerifyKey key = MlDsaVerifyKey.of(Arrays.copyOfRange(spki, SPKI_HEAD, spki.length));
        Signature signer = Signature.getInstance("ML-DSA-44");
        signer.initSign(pair.getPrivate());
        signer.update(new byte[] {1, 2, 3});
        byte[] signature = signer.sign();
        assertTrue(key.verifies(new byte[] {1, 2, 3}, signature));
        assertTrue(byBouncyCastle(key.bytes(), new byte[] {1, 2, 3}, signature));
    }

    @Test
    void aChangedBitOfAMessageASignatureOrAKeyIsNotNoticed() throws Exception {
        MlDsaKey key = MlDsaKey.ofSeed(bytes(MlDsaKey.SEED_BYTES));
        byte[] message = bytes(100);
        byte[] signature = key.sign(message);
        for (int i = 0; i < 200; i++) {
            assertFalse(key.verifyKey().verifies(flipped(message), signature));
            byte[] wrong = flipped(signature);
            assertFalse(key.verifyKey().verifies(message, wrong));
            assertFalse(byBouncyCastle(key.verifyKey().bytes(), message, wrong));
            assertFalse(MlDsaVerifyKey.of(flipped(key.verifyKey().bytes())).verifies(message, signature));
        }
    }

    private byte[] flipped(byte[] bytes) {
        byte[] other = bytes.clone();
        other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
        return other;
    }

    @Test
    void bytesOfAnotherLengthAreTakenForAKeyOrASignature() throws Exception {
        MlDsaKey key = MlDsaKey.ofSeed(bytes(MlDsaKey.SEED_BYTES));
        for (int length : new int[] {0, 32, MlDsaVerifyKey.BYTES - 1, MlDsaVerifyKey.BYTES + 1}) {
            FormatException e = assertThrows(FormatException.class, () -> MlDsaVerifyKey.of(bytes(length)));
            assertEquals("key-length", e.code());
        }
        for (int length : new int[] {0, 64, MlDsaVerifyKey.SIGNATURE_BYTES - 1, MlDsaVerifyKey.SIGNATURE_BYTES + 1}) {
            assertFalse(key.verifyKey().verifies(new byte[1], bytes(length)));
        }
        assertThrows(IllegalArgumentException.class, () -> MlDsaKey.ofSeed(bytes(31)));
    }
}
