package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Bundle;

/**
 * A bundle that proves what its findings say, to whoever holds the trust policy it was checked under. Only {@link Verifier} makes one.
 *
 * <p>It does not show that what was recorded was true, or that a law was met.
 */
public final class VerifiedBundle {
    private final Bundle bundle;
    private final TrustPolicy trust;
    private final Findings findings;

    VerifiedBundle(Bundle bundle, TrustPolicy trust, Findings findings) {
        this.bundle = bundle;
        this.trust = trust;
        this.findings = findings;
    }

    public Bundle bundle() {
        return bundle;
    }

    public TrustPolicy trust() {
        return trust;
    }

    public Findings findings() {
        return findings;
    }
}
