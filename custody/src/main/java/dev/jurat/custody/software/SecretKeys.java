package dev.jurat.custody.software;

import dev.jurat.custody.CheckedKey;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.P256Form;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BiFunction;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.util.BigIntegers;

/** What the 32 secret bytes of a suite are, and how they sign: an Ed25519 seed, a P-256 scalar. */
final class SecretKeys {
    static final Set<Suite> SUITES = Set.of(Suite.ED25519_2026, Suite.P256_2026);

    private static final ECDomainParameters P256 = new ECDomainParameters(CustomNamedCurves.getByName("P-256"));

    private SecretKeys() {}

    /** New secret bytes. */
    static byte[] secret(Suite suite, RandomSource random) {
        byte[] secret = random.bytes(KeyFile.SECRET_BYTES);
        while (suite == Suite.P256_2026 && !isScalar(secret)) {
            secret = random.bytes(KeyFile.SECRET_BYTES);
        }
        return secret;
    }

    private static boolean isScalar(byte[] secret) {
        BigInteger value = new BigInteger(1, secret);
        return value.signum() > 0 && value.compareTo(P256.getN()) < 0;
    }

    static VerifyKey publicKey(Suite suite, byte[] secret) {
        try {
            return VerifyKey.of(suite, suite == Suite.P256_2026 ? point(secret) : publicBytes(secret));
        } catch (FormatException e) {
            throw new IllegalStateException("a computed key is sound", e);
        }
    }

    private static byte[] publicBytes(byte[] seed) {
        byte[] bytes = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, bytes, 0);
        return bytes;
    }

    private static byte[] point(byte[] scalar) {
        return new FixedPointCombMultiplier()
                .multiply(P256.getG(), new BigInteger(1, scalar))
                .normalize()
                .getEncoded(true);
    }

    /** Takes the bytes, and wipes them when it is closed. */
    static KeptKey key(VerifyKey key, byte[] secret) {
        if (key.suite() == Suite.P256_2026) {
            return new Held(key, secret, SecretKeys::ecdsa);
        }
        byte[] publicBytes = publicBytes(secret);
        return new Held(key, secret, (seed, message) -> {
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, publicBytes, 0, message, 0, message.length, signature, 0);
            return signature;
        });
    }

    /** By RFC 6979: no random number, and so none that says the key. The scalar is a number of the JVM's meanwhile, which nobody can wipe. */
    private static byte[] ecdsa(byte[] scalar, byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(new BigInteger(1, scalar), P256));
        BigInteger[] numbers = signer.generateSignature(Hash.of(message).bytes());
        byte[] raw = new byte[64];
        BigIntegers.asUnsignedByteArray(numbers[0], raw, 0, 32);
        BigIntegers.asUnsignedByteArray(numbers[1], raw, 32, 32);
        return P256Form.lowS(raw);
    }

    /** Secret bytes that are wiped when it is closed. */
    private static final class Held extends CheckedKey {
        private final byte[] secret;
        private final BiFunction<byte[], byte[], byte[]> signing;

        Held(VerifyKey key, byte[] secret, BiFunction<byte[], byte[], byte[]> signing) {
            super(key);
            this.secret = secret;
            this.signing = signing;
        }

        @Override
        protected byte[] signed(byte[] message) {
            return signing.apply(secret, message);
        }

        @Override
        protected void release() {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
