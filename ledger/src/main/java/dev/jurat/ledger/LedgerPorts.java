package dev.jurat.ledger;

import dev.jurat.proof.crypto.RandomSource;

/** What a ledger takes from its surroundings: time, randomness, and a way to check signatures. */
public record LedgerPorts(TimeSource time, RandomSource random, SignatureProvider signatures) {
    /** The host's clock give or take 10 ms, the platform's randomness, the fastest signature provider that works. */
    public static LedgerPorts standard() {
        return new LedgerPorts(
                TimeSource.dangerouslyTrustHostClock(10), RandomSource.secure(), SignatureProvider.fastest());
    }
}
