package dev.jurat.proof.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.jurat.proof.FormatException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** P-256 under the strict profile: hostile keys and signatures against every verifier, and keys in software against the JDK's. */
class P256ProfileTest {
    private static final HexFormat HEX = HexFormat.of();

    private static SignatureChecker accp() {
        AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
        assumeTrue(provider.getLoadingError() == null, () -> "ACCP does not load here: " + provider.getLoadingError());
        return SignatureChecker.with(SuiteVerifier.jca(provider), 2);
    }

    private static SignatureChecker sunEc() {
        return SignatureChecker.with(SuiteVerifier.jca(Security.getProvider("SunEC")), 2);
    }

    private static VerifyKey key(byte[] bytes) throws FormatException {
        return VerifyKey.of(Suite.P256_2026, bytes);
    }

    // ---- hostile

    @ParameterizedTest
    @MethodSource("dev.jurat.proof.crypto.HostileP256#signatures")
    void everyVerifierGivesTheAnswerOfTheProfile(HostileP256.Case c) throws FormatException {
        VerifyKey key = key(c.key());
        assertEquals(c.valid(), key.verifies(HostileP256.message(), c.signature()), "BouncyCastle");
        SignatureChecker jdk = sunEc();
        assertEquals(c.valid(), jdk.verifies(key, HostileP256.message(), c.signature()), "SunEC");
        assertEquals(c.valid(), jdk.verifies(key, HostileP256.message(), c.signature()), "SunEC, key remembered");
    }

    @ParameterizedTest
    @MethodSource("dev.jurat.proof.crypto.HostileP256#signatures")
    void theNativeProviderGivesTheAnswerOfTheProfile(HostileP256.Case c) throws FormatException {
        SignatureChecker checker = accp();
        VerifyKey key = key(c.key());
        assertEquals(c.valid(), checker.verifies(key, HostileP256.message(), c.signature()));
        assertEquals(c.valid(), checker.verifies(key, HostileP256.message(), c.signature()), "key remembered");
    }

    /** Else the test above would show nothing of the check on s. */
    @Test
    void aHighSWouldPassTheJdk() throws Exception {
        P256Key key = P256Key.ofSecret(HostileP256.raw(BigInteger.TEN));
        byte[] low = key.sign(new byte[1]);
        byte[] high =
                HostileP256.join(new BigInteger(1, low, 0, 32), HostileP256.N.subtract(new BigInteger(1, low, 32, 32)));
        assertTrue(sunEc().verifies(key.verifyKey(), new byte[1], low));
        assertFalse(sunEc().verifies(key.verifyKey(), new byte[1], high));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Signature jdk = Signature.getInstance("SHA256withECDSAinP1363Format");
        jdk.initSign(pair.getPrivate());
        byte[] one = jdk.sign();
        byte[] other =
                HostileP256.join(new BigInteger(1, one, 0, 32), HostileP256.N.subtract(new BigInteger(1, one, 32, 32)));
        jdk.initVerify(pair.getPublic());
        assertTrue(jdk.verify(one));
        assertTrue(jdk.verify(other));
    }

    @ParameterizedTest
    @MethodSource("dev.jurat.proof.crypto.HostileP256#badKeys")
    void aKeyInAnotherFormOrOffTheCurveIsTaken(HostileP256.BadKey bad) {
        assertEquals(
                bad.code(),
                assertThrows(FormatException.class, () -> key(bad.key())).code());
    }

    @Test
    void aSignatureUnderTheNameOfTheOtherSuiteVerifies() throws FormatException {
        P256Key p256 = P256Key.ofSecret(HostileP256.raw(BigInteger.TWO));
        SoftwareKey ed25519 = SoftwareKey.ofSeed(new byte[32]);
        byte[] message = {1, 2, 3};
        assertFalse(ed25519.verifyKey().verifies(message, p256.sign(message)));
        assertFalse(p256.verifyKey().verifies(message, ed25519.sign(message)));
        for (SigningKey key : List.of(p256, ed25519)) {
            byte[] bytes = key.verifyKey().bytes();
            Suite other = key == p256 ? Suite.ED25519_2026 : Suite.P256_2026;
            assertEquals(
                    "key-length",
                    assertThrows(FormatException.class, () -> VerifyKey.of(other, bytes))
                            .code());
            assertEquals(key.verifyKey(), VerifyKey.parse(key.verifyKey().text()));
            assertEquals(
                    key.verifyKey().suite(),
                    VerifyKey.parse(key.verifyKey().text()).suite());
        }
        assertNotEquals(p256.verifyKey(), ed25519.verifyKey());
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "31", "34", "64", "65"})
    void aTextOfAnotherLengthIsAKey(int length) {
        String text = Base64Text.encode(new byte[length]);
        assertEquals(
                "key-length",
                assertThrows(FormatException.class, () -> VerifyKey.parse(text)).code());
    }

    @Test
    void aBatchTakesWhatIsOfTheOtherSuiteOrForgetsIt() {
        Random random = new Random(256);
        List<SigningKey> keys = List.of(
                SoftwareKey.generate(random::nextBytes),
                P256Key.generate(random::nextBytes),
                SoftwareKey.generate(random::nextBytes));
        List<Ed25519Batch.Signed> all = new ArrayList<>();
        boolean[] expected = new boolean[200];
        for (int i = 0; i < expected.length; i++) {
            SigningKey key = keys.get(i % 3);
            byte[] message = ByteBuffer.allocate(40).putInt(i).array();
            byte[] signature = key.sign(message);
            expected[i] = i % 7 != 0;
            message[10] ^= (byte) (expected[i] ? 0 : 1);
            all.add(new Ed25519Batch.Signed(key.verifyKey(), message, signature));
        }
        assertArrayEquals(expected, new Ed25519Batch(RandomSource.secure(), SignatureChecker.standard()).verify(all));
    }

    // ---- honest

    /** RFC 6979, A.2.5; of the first the s is the lower one. */
    @ParameterizedTest
    @CsvSource({
        "sample,efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716,"
                + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        "test,f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367,"
                + "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
    })
    void signsTheKnownAnswersOfRfc6979(String message, String r, String s) {
        byte[] secret = HEX.parseHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        P256Key key = P256Key.ofSecret(secret);
        assertEquals(
                "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
                HEX.formatHex(key.verifyKey().bytes()));
        byte[] told = HEX.parseHex(r + s);
        BigInteger low = new BigInteger(s, 16).min(HostileP256.N.subtract(new BigInteger(s, 16)));
        byte[] made = key.sign(message.getBytes(StandardCharsets.US_ASCII));
        assertArrayEquals(HostileP256.join(new BigInteger(1, told, 0, 32), low), made);
        assertArrayEquals(secret, key.dangerouslySecret());
        assertEquals("P256Key[" + key.verifyKey().text() + "]", key.toString());
    }

    @Test
    void anHonestSignatureOfASoftwareKeyIsRefused() {
        Random random = new Random(2026);
        List<SignatureChecker> checkers =
                Stream.of(SignatureChecker.standard(), sunEc(), accp()).toList();
        for (int i = 0; i < 100; i++) {
            P256Key key = P256Key.generate(random::nextBytes);
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(message);
            byte[] signature = key.sign(message);
            for (SignatureChecker checker : checkers) {
                assertTrue(checker.verifies(key.verifyKey(), message, signature));
            }
            signature[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            for (SignatureChecker checker : checkers) {
                assertFalse(checker.verifies(key.verifyKey(), message, signature));
            }
        }
    }

    @Test
    void whatTheJdkSignsIsRefusedOnceItsSIsLow() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        ECPublicKey point = (ECPublicKey) pair.getPublic();
        byte[] compressed = new byte[33];
        compressed[0] = (byte) (point.getW().getAffineY().testBit(0) ? 3 : 2);
        System.arraycopy(HostileP256.raw(point.getW().getAffineX()), 0, compressed, 1, 32);
        Signature jdk = Signature.getInstance("SHA256withECDSAinP1363Format");
        jdk.initSign(pair.getPrivate());
        for (int i = 0; i < 50; i++) {
            jdk.update((byte) i);
            byte[] made = jdk.sign();
            BigInteger s = new BigInteger(1, made, 32, 32);
            byte[] low = HostileP256.join(new BigInteger(1, made, 0, 32), s.min(HostileP256.N.subtract(s)));
            assertTrue(key(compressed).verifies(new byte[] {(byte) i}, low));
        }
    }

    @Test
    void manyThreadsWithOneKeyGetTheirOwnAnswers() {
        P256Key key = P256Key.generate(new Random(25522)::nextBytes);
        SignatureChecker checker = accp();
        IntStream.range(0, 1000).parallel().forEach(i -> {
            byte[] message = ByteBuffer.allocate(200).putInt(i).array();
            byte[] signature = key.sign(message);
            message[100] = (byte) (i % 2);
            assertEquals(i % 2 == 0, checker.verifies(key.verifyKey(), message, signature));
            assertEquals(i % 2 == 0, key.verifyKey().verifies(message, signature));
        });
    }

    @Test
    void aSecretOutOfRangeIsAKey() {
        for (BigInteger bad : List.of(BigInteger.ZERO, HostileP256.N, HostileP256.N.add(BigInteger.ONE))) {
            assertThrows(IllegalArgumentException.class, () -> P256Key.ofSecret(HostileP256.raw(bad)));
        }
        assertThrows(IllegalArgumentException.class, () -> P256Key.ofSecret(new byte[31]));
        byte[][] given = {HostileP256.raw(HostileP256.N), new byte[32], HostileP256.raw(BigInteger.ONE)};
        int[] next = {0};
        P256Key key = P256Key.generate(bytes -> System.arraycopy(given[next[0]++], 0, bytes, 0, 32));
        assertArrayEquals(given[2], key.dangerouslySecret());
    }
}
