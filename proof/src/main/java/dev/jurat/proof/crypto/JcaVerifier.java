package dev.jurat.proof.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The strict profile on a provider that checks the equation without the cofactor.
 *
 * <p>Keys are decoded by the JDK's own key factory: other providers take its key objects, and not every one offers a factory.
 */
final class JcaVerifier implements Ed25519Verifier {
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final Provider provider;

    JcaVerifier(Provider provider) {
        this.provider = provider;
        if (provider.getService("Signature", "Ed25519") == null) {
            throw new IllegalArgumentException("provider " + provider.getName() + " has no Ed25519");
        }
    }

    @Override
    public ForKey forKey(byte[] key) {
        PublicKey decoded = decode(key);
        Queue<Signature> idle = new ConcurrentLinkedQueue<>();
        return (message, signature) ->
                Ed25519Points.isSignature(signature) && verifies(decoded, idle, message, signature);
    }

    /**
     * Checks with an object that has the key already, as it is after each answer of its own: a native provider takes two microseconds to
     * translate a key. One whose answer was an exception is not used again; there are as many as ever checked at once.
     */
    private boolean verifies(PublicKey key, Queue<Signature> idle, byte[] message, byte[] signature) {
        try {
            Signature known = idle.poll();
            Signature checker = known == null ? with(key) : known;
            checker.update(message);
            boolean good = checker.verify(signature);
            idle.offer(checker);
            return good;
        } catch (SignatureException e) {
            return false;
        }
    }

    private Signature with(PublicKey key) {
        try {
            Signature checker = Signature.getInstance("Ed25519", provider);
            checker.initVerify(key);
            return checker;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("provider " + provider.getName() + " cannot check Ed25519", e);
        }
    }

    private static PublicKey decode(byte[] key) {
        byte[] spki = new byte[SPKI_PREFIX.length + key.length];
        System.arraycopy(SPKI_PREFIX, 0, spki, 0, SPKI_PREFIX.length);
        System.arraycopy(key, 0, spki, SPKI_PREFIX.length, key.length);
        try {
            return KeyFactory.getInstance("Ed25519", "SunEC").generatePublic(new X509EncodedKeySpec(spki));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a checked key", e);
        }
    }
}
