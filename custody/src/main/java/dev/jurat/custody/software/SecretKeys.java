package dev.jurat.custody.software;

import dev.jurat.custody.CheckedKey;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.P256Key;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BiFunction;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** What the 32 secret bytes of a suite are, and how they sign: an Ed25519 seed, a P-256 scalar. */
final class SecretKeys {
    static final Set<Suite> SUITES = Set.of(Suite.ED25519_2026, Suite.P256_2026);

    private SecretKeys() {}

    /** New secret bytes. */
    static byte[] secret(Suite suite, RandomSource random) {
        return suite == Suite.P256_2026
                ? P256Key.generate(random).dangerouslySecret()
                : random.bytes(KeyFile.SECRET_BYTES);
    }

    /** Whether these are the secret bytes of a key; numbers that are none of its suite are not. */
    static boolean isSecret(VerifyKey key, byte[] secret) {
        try {
            return publicKey(key.suite(), secret).equals(key);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static VerifyKey publicKey(Suite suite, byte[] secret) {
        if (suite == Suite.P256_2026) {
            return P256Key.ofSecret(secret).verifyKey();
        }
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
        if (key.suite() == Suite.P256_2026) {
            // The number that is signed with is the JVM's meanwhile, which nobody can wipe.
            return new Held(
                    key, secret, (number, message) -> P256Key.ofSecret(number).sign(message));
        }
        byte[] publicBytes = publicBytes(secret);
        return new Held(key, secret, (seed, message) -> {
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, publicBytes, 0, message, 0, message.length, signature, 0);
            return signature;
        });
    }

    /** Secret bytes that are wiped when it is closed. */
    private static final class Held extends CheckedKey {
        private final byte[] secret;
        private final BiFunction<byte[], byte[], byte[]> signing;
        private boolean wiped;

        Held(VerifyKey key, byte[] secret, BiFunction<byte[], byte[], byte[]> signing) {
            super(key);
            this.secret = secret;
            this.signing = signing;
        }

        @Override
        protected byte[] signed(byte[] message) {
            byte[] whole = whole();
            try {
                return signing.apply(whole, message);
            } finally {
                Arrays.fill(whole, (byte) 0);
            }
        }

        /** A copy: what is closed meanwhile is not signed with by half. */
        private synchronized byte[] whole() {
            if (wiped) {
                throw CustodyException.of(CustodyCode.LOCKED, "this key was closed");
            }
            return secret.clone();
        }

        @Override
        protected synchronized void release() {
            wiped = true;
            Arrays.fill(secret, (byte) 0);
        }
    }
}
