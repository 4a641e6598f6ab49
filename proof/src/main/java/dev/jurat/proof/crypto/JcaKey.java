package dev.jurat.proof.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A key in this process's memory that a provider signs with: the same bytes as pure Java, sooner where the provider is native. */
final class JcaKey implements SigningKey {
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final VerifyKey verifyKey;
    private final PrivateKey key;
    private final Provider provider;
    /** Objects that have the key already, as they are after each signature of theirs; as many as ever signed at once. */
    private final Queue<Signature> idle = new ConcurrentLinkedQueue<>();

    /** @throws IllegalArgumentException if the provider has no Ed25519 */
    JcaKey(byte[] seed, VerifyKey verifyKey, Provider provider) {
        if (provider.getService("Signature", "Ed25519") == null) {
            throw new IllegalArgumentException("provider " + provider.getName() + " has no Ed25519");
        }
        byte[] pkcs8 = new byte[PKCS8_PREFIX.length + seed.length];
        System.arraycopy(PKCS8_PREFIX, 0, pkcs8, 0, PKCS8_PREFIX.length);
        System.arraycopy(seed, 0, pkcs8, PKCS8_PREFIX.length, seed.length);
        this.verifyKey = verifyKey;
        this.provider = provider;
        try {
            this.key = KeyFactory.getInstance("Ed25519", "SunEC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a seed of 32 bytes is a key", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    @Override
    public VerifyKey verifyKey() {
        return verifyKey;
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature known = idle.poll();
            Signature signer = known == null ? withKey() : known;
            signer.update(message);
            byte[] signature = signer.sign();
            idle.offer(signer);
            return signature;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("provider " + provider.getName() + " cannot sign Ed25519", e);
        }
    }

    /** A native provider takes longer to translate a key than to sign with it. */
    private Signature withKey() throws GeneralSecurityException {
        Signature signer = Signature.getInstance("Ed25519", provider);
        signer.initSign(key);
        return signer;
    }

    @Override
    public String toString() {
        return "JcaKey[" + verifyKey.text() + "]";
    }
}
