package dev.jurat.proof.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.jurat.proof.FormatException;
import java.security.Provider;
import java.security.Security;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftwareKeyTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                + "387b2eaeb4302aeeb00d291612bb0c00"
    })
    void signsTheKnownAnswersOfRfc8032(String seed, String publicKey, String message, String signature) {
        SoftwareKey key = SoftwareKey.ofSeed(HEX.parseHex(seed));
        assertEquals(publicKey, HEX.formatHex(key.verifyKey().bytes()));
        assertEquals(signature, HEX.formatHex(key.sign(HEX.parseHex(message))));
        assertTrue(key.verifyKey().verifies(HEX.parseHex(message), HEX.parseHex(signature)));
        assertArrayEquals(HEX.parseHex(seed), key.dangerouslySeed());
        for (Provider provider : List.of(Security.getProvider("SunEC"), AmazonCorrettoCryptoProvider.INSTANCE)) {
            SigningKey same = key.by(provider);
            assertEquals(key.verifyKey(), same.verifyKey());
            assertEquals(signature, HEX.formatHex(same.sign(HEX.parseHex(message))), provider.getName());
            assertFalse(same.toString().contains(seed));
        }
    }

    @Test
    void everyFlippedBitOfASignatureIsRefused() {
        SoftwareKey key = SoftwareKey.generate(new Random(11)::nextBytes);
        byte[] message = {1, 2, 3};
        byte[] signature = key.sign(message);
        for (int bit = 0; bit < 512; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(key.verifyKey().verifies(message, flipped), "bit " + bit);
        }
        assertFalse(key.verifyKey().verifies(new byte[] {1, 2}, signature));
        assertFalse(key.verifyKey().verifies(message, new byte[0]));
        assertFalse(key.verifyKey().verifies(message, new byte[65]));
    }

    @Test
    void aKeyIsItsTextAndNothingElse() throws FormatException {
        VerifyKey key = SoftwareKey.generate(new Random(12)::nextBytes).verifyKey();
        assertEquals(key, VerifyKey.parse(Suite.ED25519_2026, key.text()));
        assertEquals(
                "base64",
                assertThrows(
                                FormatException.class,
                                () -> VerifyKey.parse(
                                        Suite.ED25519_2026, key.text().replace("=", "")))
                        .code());
    }

    @ParameterizedTest
    @CsvSource({"webauthn-2026,3", "hybrid-2026,2"})
    void aSuiteKnownByNameOnlyIsUnavailable(String name, int signatures) throws FormatException {
        Suite suite = Suite.parse(name);
        assertEquals(signatures, suite.signatures());
        FormatException refusal = assertThrows(FormatException.class, () -> VerifyKey.of(suite, new byte[32]));
        assertEquals("suite-unavailable", refusal.code());
    }

    @Test
    void aSuiteNobodyKnowsIsUnknown() {
        assertEquals(
                "suite-unknown",
                assertThrows(FormatException.class, () -> Suite.parse("rsa-1977"))
                        .code());
    }

    @Test
    void printingAKeyShowsNoSeed() {
        SoftwareKey key = SoftwareKey.ofSeed(new byte[32]);
        assertEquals("SoftwareKey[" + key.verifyKey().text() + "]", key.toString());
    }

    @Test
    void aClosedKeySignsOrGivesItsSeed() {
        SoftwareKey key = SoftwareKey.generate(RandomSource.secure());
        key.close();
        key.close();
        assertThrows(IllegalStateException.class, () -> key.sign(new byte[1]));
        assertThrows(IllegalStateException.class, key::dangerouslySeed);
        assertThrows(IllegalStateException.class, () -> key.by(java.security.Security.getProvider("SunEC")));
    }

    /** Closed in the middle of signing: a signature of a seed that is half zero would be one of no key. */
    @Test
    void aKeyThatIsBeingClosedSignsWithZeros() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            SoftwareKey key = SoftwareKey.generate(RandomSource.secure());
            Thread closing = Thread.ofPlatform().start(key::close);
            try {
                byte[] signature = key.sign(new byte[1]);
                assertTrue(key.verifyKey().verifies(new byte[1], signature));
            } catch (IllegalStateException e) {
                // It was closed before.
            }
            closing.join();
        }
    }
}
