package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public key of ML-DSA-44 (FIPS 204), compared by its bytes. Immutable and thread-safe.
 *
 * <p>Security property: it says of a message, a signature and this key alone whether they belong together, for the pure form without a context;
 * whatever is out of form is not valid.
 */
public final class MlDsaVerifyKey {
    public static final int BYTES = 1312;
    public static final int SIGNATURE_BYTES = 2420;

    private static final String ALGORITHM = "ML-DSA-44";
    /** What stands before the key in a SubjectPublicKeyInfo: the algorithm 2.16.840.1.101.3.4.3.17. */
    private static final byte[] SPKI = HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

    private final byte[] bytes;

    private MlDsaVerifyKey(byte[] bytes) {
        this.bytes = bytes;
    }

    static MlDsaVerifyKey ofOwn(byte[] bytes) {
        return new MlDsaVerifyKey(bytes.clone());
    }

    /** Takes 1,312 bytes as a key, each of which is one; {@code key-length} for any other number. */
    public static MlDsaVerifyKey of(byte[] bytes) throws FormatException {
        if (bytes.length != BYTES) {
            throw new FormatException("key-length", "an ML-DSA-44 key has " + BYTES + " bytes");
        }
        return new MlDsaVerifyKey(bytes.clone());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether this key made the signature over the message. */
    public boolean verifies(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            byte[] spki = ByteBuffer.allocate(SPKI.length + BYTES)
                    .put(SPKI)
                    .put(bytes)
                    .array();
            PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(spki));
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(message);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MlDsaVerifyKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
