package dev.jurat.proof.crypto;

import java.security.SecureRandom;

/**
 * Where random bytes come from: the operating system in service, a seeded generator in a simulation. Thread-safe.
 *
 * <p>Security property: keys, salts and nonces are as hard to guess as this source.
 */
@FunctionalInterface
public interface RandomSource {
    /** Fills the whole array. */
    void fill(byte[] bytes);

    /** That many fresh bytes. */
    default byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        fill(bytes);
        return bytes;
    }

    /** The platform's cryptographic generator. */
    static RandomSource secure() {
        return new SecureRandom()::nextBytes;
    }
}
