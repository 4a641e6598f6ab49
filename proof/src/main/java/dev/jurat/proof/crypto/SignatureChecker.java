package dev.jurat.proof.crypto;

/** The port through which the ledger and others check signatures, so that a faster provider can be plugged in. Thread-safe. */
@FunctionalInterface
public interface SignatureChecker {
    /** Whether the signature is the key's over the message under its suite's strict profile; never an exception. */
    boolean verifies(VerifyKey key, byte[] message, byte[] signature);

    /** The checker that needs nothing installed: {@link VerifyKey#verifies}. */
    static SignatureChecker standard() {
        return VerifyKey::verifies;
    }

    /** A checker on the verifier given, which keeps up to {@code keysMax} keys decoded. */
    static SignatureChecker with(SuiteVerifier verifier, int keysMax) {
        return new CachingChecker(verifier, keysMax);
    }
}
