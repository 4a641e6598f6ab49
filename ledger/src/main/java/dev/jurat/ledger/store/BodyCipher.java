package dev.jurat.ledger.store;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM for one body under a key of its own, bound to the record's index.
 *
 * <p>The nonce is zero: a key encrypts one body at one index, ever, and doing it again gives the same bytes.
 */
final class BodyCipher {
    static final int KEY_BYTES = 32;
    static final int TAG_BYTES = 16;

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    /** Who has the cipher: to ask every provider each time takes longer than to seal a small body. */
    private static final Provider PROVIDER = provider();

    private BodyCipher() {}

    private static Provider provider() {
        try {
            return Cipher.getInstance(TRANSFORMATION).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-256-GCM", e);
        }
    }

    static byte[] seal(byte[] key, long index, byte[] body) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, index).doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-256-GCM", e);
        }
    }

    /** The body, or empty if the bytes are not what was sealed under this key at this index. */
    static Optional<byte[]> open(byte[] key, long index, byte[] sealed) {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, index).doFinal(sealed));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, byte[] key, long index) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION, PROVIDER);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * 8, new byte[12]));
        cipher.updateAAD(ByteBuffer.allocate(Long.BYTES).putLong(index).array());
        return cipher;
    }
}
