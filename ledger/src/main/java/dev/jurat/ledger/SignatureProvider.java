package dev.jurat.ledger;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.SuiteVerifier;
import java.util.function.Function;

/**
 * Which code checks and makes signatures here: the native provider where it loads, else pure Java. Both give the same answers under the
 * strict profile, and the same signatures, and differ in speed alone.
 *
 * @param name the provider's name and version, as {@code jurat status} shows it
 * @param checker keeps the keys of some thousand sessions decoded; thread-safe
 * @param signing a key, to be signed with by this code
 */
public record SignatureProvider(String name, SignatureChecker checker, Function<SoftwareKey, SigningKey> signing) {
    private static final int KEYS_MAX = 4096;

    /** The fastest that works on this machine. The provider is never installed for the whole process: hashing is faster without. */
    public static SignatureProvider fastest() {
        AmazonCorrettoCryptoProvider accp = AmazonCorrettoCryptoProvider.INSTANCE;
        boolean works = accp.getLoadingError() == null && SuiteVerifier.serves(accp);
        return works
                ? new SignatureProvider(
                        "ACCP " + accp.getVersionStr(), checker(SuiteVerifier.jca(accp)), key -> key.by(accp))
                : new SignatureProvider("BouncyCastle", checker(SuiteVerifier.bouncyCastle()), key -> key);
    }

    private static SignatureChecker checker(SuiteVerifier verifier) {
        return SignatureChecker.with(verifier, KEYS_MAX);
    }
}
