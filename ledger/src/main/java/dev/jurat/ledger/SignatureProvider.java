package dev.jurat.ledger;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.jurat.proof.crypto.Ed25519Verifier;
import dev.jurat.proof.crypto.SignatureChecker;

/**
 * Which code checks signatures here: the native provider where it loads, else pure Java. Both give the same answers under the strict
 * profile and differ in speed alone.
 *
 * @param name the provider's name and version, as {@code jurat status} shows it
 * @param checker keeps the keys of some thousand sessions decoded; thread-safe
 */
public record SignatureProvider(String name, SignatureChecker checker) {
    private static final int KEYS_MAX = 4096;

    /** The fastest that works on this machine. The provider is never installed for the whole process: hashing is faster without. */
    public static SignatureProvider fastest() {
        AmazonCorrettoCryptoProvider accp = AmazonCorrettoCryptoProvider.INSTANCE;
        boolean works = accp.getLoadingError() == null && accp.getService("Signature", "Ed25519") != null;
        return works
                ? of("ACCP " + accp.getVersionStr(), Ed25519Verifier.jca(accp))
                : of("BouncyCastle", Ed25519Verifier.bouncyCastle());
    }

    private static SignatureProvider of(String name, Ed25519Verifier verifier) {
        return new SignatureProvider(name, SignatureChecker.with(verifier, KEYS_MAX));
    }
}
