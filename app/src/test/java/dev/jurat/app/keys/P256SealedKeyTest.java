package dev.jurat.app.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.PassphraseSeal;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class P256SealedKeyTest {
    private static final byte[] MESSAGE = {1, 2, 3};

    private static SealedKey sealed(SigningKey key) {
        return SealedKey.seal(
                "ann",
                "home/" + "a".repeat(26),
                key,
                "correct horse".toCharArray(),
                PassphraseSeal.Cost.LIGHT,
                RandomSource.secure());
    }

    @Test
    void aKeyOpensAsOneOfAnotherSuite() throws FormatException {
        for (Suite suite : PersonKeys.SUITES) {
            SigningKey key = PersonKeys.generate(suite, RandomSource.secure());
            SealedKey read = SealedKey.read(sealed(key).bytes());
            SigningKey opened = read.open("correct horse".toCharArray()).orElseThrow();
            assertEquals(suite, opened.verifyKey().suite());
            assertEquals(key.verifyKey(), opened.verifyKey());
            assertTrue(key.verifyKey().verifies(MESSAGE, opened.sign(MESSAGE)));
            assertTrue(read.open("correct horsf".toCharArray()).isEmpty());
            String secret = Base64.getEncoder().encodeToString(PersonKeys.dangerouslySecret(key));
            assertFalse(new String(read.bytes(), StandardCharsets.UTF_8).contains(secret));
        }
    }

    @Test
    void aPublicHalfThatIsNoneIsRead() {
        SigningKey key = PersonKeys.generate(Suite.P256_2026, RandomSource.secure());
        String text = new String(sealed(key).bytes(), StandardCharsets.UTF_8);
        String none = Base64.getEncoder().encodeToString(new byte[33]);
        byte[] altered = text.replace(key.verifyKey().text(), none).getBytes(StandardCharsets.UTF_8);
        assertThrows(FormatException.class, () -> SealedKey.read(altered));
    }

    @Test
    void aSuiteThatIsKnownByNameHasKeys() {
        for (Suite suite : Suite.values()) {
            if (!PersonKeys.SUITES.contains(suite)) {
                assertThrows(IllegalArgumentException.class, () -> PersonKeys.generate(suite, RandomSource.secure()));
            }
        }
    }
}
