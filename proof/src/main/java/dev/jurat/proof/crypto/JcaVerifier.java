package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * The strict profiles on a provider, which for Ed25519 checks the equation without the cofactor.
 *
 * <p>Keys are decoded by the JDK's own key factory: other providers take its key objects, and not every one offers a factory.
 */
final class JcaVerifier implements SuiteVerifier {
    private static final String ED25519 = "Ed25519";
    private static final String P256 = "SHA256withECDSAinP1363Format";
    static final List<String> ALGORITHMS = List.of(ED25519, P256);

    private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] P256_SPKI =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

    private final Provider provider;

    JcaVerifier(Provider provider) {
        this.provider = provider;
        if (!SuiteVerifier.serves(provider)) {
            throw new IllegalArgumentException("provider " + provider.getName() + " has not all of " + ALGORITHMS);
        }
    }

    @Override
    public ForKey forKey(VerifyKey key) {
        return switch (key.suite()) {
            case ED25519_2026 ->
                new Ready(ED25519, decode(ED25519, ED25519_SPKI, key.bytes()), Ed25519Points::isSignature);
            case P256_2026 -> new Ready(P256, decode("EC", P256_SPKI, point(key)), P256Points::isSignature);
            case WEBAUTHN_2026, HYBRID_2026 -> throw new IllegalStateException("no key of this suite is ever made");
        };
    }

    /** The uncompressed encoding: the JDK reads no other. */
    private static byte[] point(VerifyKey key) {
        try {
            return P256Points.requireKey(key.bytes()).getEncoded(false);
        } catch (FormatException e) {
            throw new IllegalStateException("a checked key is on the curve", e);
        }
    }

    private static PublicKey decode(String algorithm, byte[] prefix, byte[] key) {
        byte[] spki = new byte[prefix.length + key.length];
        System.arraycopy(prefix, 0, spki, 0, prefix.length);
        System.arraycopy(key, 0, spki, prefix.length, key.length);
        try {
            return KeyFactory.getInstance(algorithm, "SunEC").generatePublic(new X509EncodedKeySpec(spki));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a checked key is one of the JDK's too", e);
        }
    }

    /**
     * A key with the objects that have it already, as they are after each answer of theirs: a native provider takes two microseconds to
     * translate a key. One whose answer was an exception is not used again; there are as many as ever checked at once.
     */
    private final class Ready implements ForKey {
        private final String algorithm;
        private final PublicKey key;
        private final Predicate<byte[]> form;
        private final Queue<Signature> idle = new ConcurrentLinkedQueue<>();

        Ready(String algorithm, PublicKey key, Predicate<byte[]> form) {
            this.algorithm = algorithm;
            this.key = key;
            this.form = form;
        }

        @Override
        public boolean verifies(byte[] message, byte[] signature) {
            return form.test(signature) && holds(message, signature);
        }

        private boolean holds(byte[] message, byte[] signature) {
            try {
                Signature known = idle.poll();
                Signature checker = known == null ? withKey() : known;
                checker.update(message);
                boolean good = checker.verify(signature);
                idle.offer(checker);
                return good;
            } catch (SignatureException e) {
                return false;
            }
        }

        private Signature withKey() {
            try {
                Signature checker = Signature.getInstance(algorithm, provider);
                checker.initVerify(key);
                return checker;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("provider " + provider.getName() + " cannot check " + algorithm, e);
            }
        }
    }
}
