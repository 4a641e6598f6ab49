package dev.jurat.ledger;

import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;

/** What a ledger takes from its surroundings: time, randomness, and a way to check signatures. */
public record LedgerPorts(TimeSource time, RandomSource random, SignatureChecker checker) {
    /** The host's clock give or take 10 ms, the platform's randomness, BouncyCastle with decoded keys kept. */
    public static LedgerPorts standard() {
        return new LedgerPorts(
                TimeSource.dangerouslyTrustHostClock(10),
                RandomSource.secure(),
                SignatureChecker.with(dev.jurat.proof.crypto.Ed25519Verifier.bouncyCastle(), 4096));
    }
}
