package dev.jurat.proof.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.jurat.proof.FormatException;
import java.nio.ByteBuffer;
import java.security.Security;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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
        SuiteVerifier sunEc = SuiteVerifier.jca(Security.getProvider("SunEC"));
        SignatureChecker jca = SignatureChecker.with(sunEc, 2);
        assertEquals(c.valid(), jca.verifies(key, message, c.signature()), "SunEC");
        assertEquals(c.valid(), jca.verifies(key, message, c.signature()), "SunEC, key remembered");
    }

    @ParameterizedTest
    @MethodSource("dev.jurat.proof.crypto.HostileSignatures#signatures")
    void theNativeProviderGivesTheAnswerOfTheProfile(HostileSignatures.Case c) throws FormatException {
        SignatureChecker checker = accp();
        VerifyKey key = VerifyKey.ed25519(HostileSignatures.key());
        assertEquals(c.valid(), checker.verifies(key, HostileSignatures.message(), c.signature()));
        assertEquals(c.valid(), checker.verifies(key, HostileSignatures.message(), c.signature()), "key remembered");
    }

    private static SignatureChecker accp() {
        AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
        assumeTrue(provider.getLoadingError() == null, () -> "ACCP does not load here: " + provider.getLoadingError());
        return SignatureChecker.with(SuiteVerifier.jca(provider), 2);
    }

    @Test
    void theNativeProviderTakesWhatHonestSignersMake() {
        Random random = new Random(25520);
        SignatureChecker checker = accp();
        for (int i = 0; i < 200; i++) {
            SoftwareKey key = SoftwareKey.generate(random::nextBytes);
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(message);
            byte[] signature = key.sign(message);
            assertTrue(checker.verifies(key.verifyKey(), message, signature));
            signature[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertFalse(checker.verifies(key.verifyKey(), message, signature));
        }
    }

    @Test
    void noAnswerDependsOnWhatTheSameKeyWasAskedBefore() throws FormatException {
        VerifyKey key = VerifyKey.ed25519(HostileSignatures.key());
        List<HostileSignatures.Case> cases = HostileSignatures.signatures().toList();
        for (SignatureChecker checker :
                List.of(accp(), SignatureChecker.with(SuiteVerifier.jca(Security.getProvider("SunEC")), 2))) {
            Random random = new Random(25521);
            for (int i = 0; i < 500; i++) {
                HostileSignatures.Case c = cases.get(random.nextInt(cases.size()));
                byte[] message = HostileSignatures.message();
                boolean changed = random.nextInt(4) == 0;
                message[0] ^= (byte) (changed ? 1 : 0);
                assertEquals(c.valid() && !changed, checker.verifies(key, message, c.signature()));
            }
        }
    }

    @Test
    void manyThreadsWithOneKeyGetTheirOwnAnswers() {
        SoftwareKey key = SoftwareKey.generate(new Random(25522)::nextBytes);
        SignatureChecker checker = accp();
        IntStream.range(0, 4000).parallel().forEach(i -> {
            byte[] message = ByteBuffer.allocate(200).putInt(i).array();
            byte[] signature = key.sign(message);
            message[100] = (byte) (i % 2);
            assertEquals(i % 2 == 0, checker.verifies(key.verifyKey(), message, signature));
        });
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
        SignatureChecker jca = SignatureChecker.with(SuiteVerifier.jca(Security.getProvider("SunEC")), 2);
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
