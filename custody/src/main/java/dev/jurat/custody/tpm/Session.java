package dev.jurat.custody.tpm;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.tpm.TpmPoint;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * An HMAC session of a TPM (Part 1, section 19): passwords enter an HMAC and do not travel, and the TPM's answer has an HMAC too.
 *
 * <p>Security property: salted under a key of the TPM, whoever reads the bus learns neither passwords nor what is encrypted. The mistake that
 * looks right but is not is a session without a salt: who reads along can try passwords against the HMAC.
 */
final class Session {
    private static final SecureRandom RANDOM = new SecureRandom();

    final int handle;
    private final byte[] key;
    private byte[] ours;
    private byte[] theirs;

    Session(int handle, byte[] salt, byte[] ours, byte[] theirs) {
        this.handle = handle;
        this.key = derive(salt, "ATH", theirs, ours);
        this.ours = ours;
        this.theirs = theirs;
    }

    static byte[] nonce() {
        byte[] nonce = new byte[Hash.BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    /** A new secret for the holder of {@code key} alone; {@code encrypted} takes what is sent (Part 1, annex C.6.1). */
    static byte[] salt(TpmPoint key, Command.Writer encrypted) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(pair.getPrivate());
            agreement.doPhase(key.publicKey(), true);
            byte[] x = coordinate(((ECPublicKey) pair.getPublic()).getW().getAffineX());
            byte[] y = coordinate(((ECPublicKey) pair.getPublic()).getW().getAffineY());
            encrypted.sized(x).sized(y);
            byte[] header =
                    new Command.Writer().u32(1).raw(agreement.generateSecret()).bytes();
            return Hash.of(header, label("SECRET"), x, key.xBytes()).bytes();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no ECDH on P-256", e);
        }
    }

    private static byte[] coordinate(java.math.BigInteger value) {
        return java.util.HexFormat.of().parseHex(String.format("%064x", value));
    }

    /** Takes a new nonce, as each command has. */
    void renew() {
        ours = nonce();
    }

    byte[] ours() {
        return ours.clone();
    }

    /** Encrypts the first parameter, which is behind its length. */
    byte[] encrypted(byte[] parameters, byte[] password) {
        int length = (parameters[0] & 0xff) << 8 | (parameters[1] & 0xff);
        byte[] stream = derive(join(key, trimmed(password)), "CFB", ours, theirs);
        try {
            Cipher cipher = Cipher.getInstance("AES/CFB/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE, new SecretKeySpec(stream, 0, 16, "AES"), new IvParameterSpec(stream, 16, 16));
            byte[] out = parameters.clone();
            cipher.doFinal(parameters, 2, length, out, 2);
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES", e);
        }
    }

    byte[] proof(byte[] commandHash, byte[] password, int attributes) {
        return hmac(join(key, trimmed(password)), commandHash, ours, theirs, new byte[] {(byte) attributes});
    }

    /** Checks the TPM's answer, and goes on from its nonce. */
    boolean accepts(byte[] answerHash, byte[] nonce, int attributes, byte[] proof, byte[] password) {
        byte[] wanted = hmac(join(key, trimmed(password)), answerHash, nonce, ours, new byte[] {(byte) attributes});
        theirs = nonce;
        return MessageDigest.isEqual(wanted, proof);
    }

    private static byte[] derive(byte[] key, String label, byte[] first, byte[] second) {
        byte[] one = new Command.Writer().u32(1).bytes();
        return hmac(
                key,
                one,
                label(label),
                first,
                second,
                new Command.Writer().u32(256).bytes());
    }

    private static byte[] label(String text) {
        return Arrays.copyOf(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), text.length() + 1);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-SHA256", e);
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        return new Command.Writer().raw(first).raw(second).bytes();
    }

    /** A TPM takes the zeros off the end of a password. */
    private static byte[] trimmed(byte[] password) {
        int length = password.length;
        while (length > 0 && password[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(password, length);
    }
}
