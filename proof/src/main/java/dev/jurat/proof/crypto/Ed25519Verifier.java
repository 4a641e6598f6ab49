package dev.jurat.proof.crypto;

import java.security.Provider;

/**
 * A way to check Ed25519 signatures under the strict profile; all implementations give the same answers and differ in speed alone.
 *
 * <p>Implementations are thread-safe.
 */
public interface Ed25519Verifier {
    /** Readies one key, so that decoding it is paid once. The 32 bytes come from a {@link VerifyKey}. */
    ForKey forKey(byte[] key);

    /** One key made ready. Thread-safe. */
    interface ForKey {
        /** Whether the signature is valid under the strict profile; anything malformed is false, never an exception. */
        boolean verifies(byte[] message, byte[] signature);
    }

    /** Pure Java, no provider installed: about 7,500 checks a second and core. */
    static Ed25519Verifier bouncyCastle() {
        return BouncyCastleVerifier.INSTANCE;
    }

    /** The algorithm {@code Ed25519} of a provider, which must check the equation without the cofactor, as SunEC and ACCP do. */
    static Ed25519Verifier jca(Provider provider) {
        return new JcaVerifier(provider);
    }
}
