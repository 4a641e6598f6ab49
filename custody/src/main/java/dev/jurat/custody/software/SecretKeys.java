package dev.jurat.custody.software;

import dev.jurat.custody.CheckedKey;
import dev.jurat.custody.KeptKey;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import java.util.Arrays;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** What the 32 secret bytes of a suite are, and how they sign. */
final class SecretKeys {
    static final Set<Suite> SUITES = Set.of(Suite.ED25519_2026);

    private SecretKeys() {}

    /** New secret bytes. */
    static byte[] secret(Suite suite, RandomSource random) {
        return random.bytes(KeyFile.SECRET_BYTES);
    }

    static VerifyKey publicKey(Suite suite, byte[] secret) {
        try {
            return VerifyKey.of(suite, publicBytes(secret));
        } catch (FormatException e) {
            throw new IllegalStateException("a computed key is sound", e);
        }
    }

    private static byte[] publicBytes(byte[] seed) {
        byte[] bytes = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, bytes, 0);
        return bytes;
    }

    /** Takes the bytes, and wipes them when it is closed. */
    static KeptKey key(VerifyKey key, byte[] secret) {
        return new Seed(key, secret);
    }

    /** An Ed25519 seed. */
    private static final class Seed extends CheckedKey {
        private final byte[] seed;
        private final byte[] publicBytes;

        Seed(VerifyKey key, byte[] seed) {
            super(key);
            this.seed = seed;
            this.publicBytes = publicBytes(seed);
        }

        @Override
        protected byte[] signed(byte[] message) {
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, publicBytes, 0, message, 0, message.length, signature, 0);
            return signature;
        }

        @Override
        protected void release() {
            Arrays.fill(seed, (byte) 0);
        }
    }
}
