package dev.jurat.proof.crypto;

import java.security.Provider;

/**
 * A way to check signatures under the strict profile of each key's suite; all implementations give the same answers and differ in speed alone.
 *
 * <p>Implementations are thread-safe.
 */
public interface SuiteVerifier {
    /** Readies one key, so that decoding it is paid once. */
    ForKey forKey(VerifyKey key);

    /** One key made ready. Thread-safe. */
    interface ForKey {
        /** Whether the signature is valid under the strict profile; anything malformed is false, never an exception. */
        boolean verifies(byte[] message, byte[] signature);
    }

    /** Pure Java, no provider installed: the slowest. */
    static SuiteVerifier bouncyCastle() {
        return key -> key::verifies;
    }

    /**
     * The algorithms {@code Ed25519} and {@code SHA256withECDSAinP1363Format} of a provider, which must check the equation of Ed25519 without
     * the cofactor, as SunEC and ACCP do.
     *
     * @throws IllegalArgumentException if the provider does not {@link #serves serve}
     */
    static SuiteVerifier jca(Provider provider) {
        return new JcaVerifier(provider);
    }

    /** Whether the provider has an algorithm for every suite. */
    static boolean serves(Provider provider) {
        return JcaVerifier.ALGORITHMS.stream().allMatch(name -> provider.getService("Signature", name) != null);
    }
}
