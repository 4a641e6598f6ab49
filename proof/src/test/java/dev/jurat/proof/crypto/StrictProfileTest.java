package dev.jurat.proof.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import java.security.Security;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile keys and signatures, made from the curve's own arithmetic, against every verifier under the strict profile. */
class StrictProfileTest {
    @ParameterizedTest
    @MethodSource("dev.jurat.proof.crypto.HostileSignatures#signatures")
    void everyVerifierGivesTheAnswerOfTheProfile(HostileSignatures.Case c) throws FormatException {
        byte[] message = HostileSignatures.message();
        VerifyKey key = VerifyKey.ed25519(HostileSignatures.key());
        assertEquals(c.valid(), key.verifies(message, c.signature()), "BouncyCastle");
        Ed25519Verifier sunEc = Ed25519Verifier.jca(Security.getProvider("SunEC"));
        SignatureChecker jca = SignatureChecker.with(sunEc, 2);
        assertEquals(c.valid(), jca.verifies(key, message, c.signature()), "SunEC");
        assertEquals(c.valid(), jca.verifies(key, message, c.signature()), "SunEC, key remembered");
    }

    @Test
    void torsionInRWouldPassTheCofactoredEquation() {
        byte[] key = HostileSignatures.key();
        byte[] message = HostileSignatures.message();
        for (int i = 1; i < 8; i++) {
            byte[] signature = HostileSignatures.signature(
                    HostileSignatures.point(HostileSignatures.NONCE, i), HostileSignatures.NONCE);
            assertTrue(
                    Ed25519.verify(signature, 0, key, 0, message, 0, message.length),
                    "the crafted case does not reach the check on R");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jurat.proof.crypto.HostileSignatures#badKeys")
    void aKeyThatIsNotOfPrimeOrderIsNeverMade(HostileSignatures.BadKey bad) {
        assertEquals(
                bad.code(),
                assertThrows(FormatException.class, () -> VerifyKey.ed25519(bad.key()))
                        .code());
    }

    @Test
    void honestKeysAndSignaturesAreNeverRefused() {
        Random random = new Random(25519);
        SignatureChecker jca = SignatureChecker.with(Ed25519Verifier.jca(Security.getProvider("SunEC")), 2);
        for (int i = 0; i < 200; i++) {
            SoftwareKey key = SoftwareKey.generate(random::nextBytes);
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(message);
            byte[] signature = key.sign(message);
            assertTrue(key.verifyKey().verifies(message, signature));
            assertTrue(jca.verifies(key.verifyKey(), message, signature));
        }
    }
}
