package dev.jurat.custody;

import dev.jurat.proof.crypto.RandomSource;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * How a few secret bytes lie under a passphrase: Argon2id gives the key of AES-256-GCM.
 *
 * <p>Security property: without the passphrase the sealed bytes say nothing, and neither they nor what is authenticated with them can be changed
 * without notice. A seal is used once: salt and nonce are new in each.
 */
public record PassphraseSeal(Cost cost, byte[] salt, byte[] nonce) {
    public static final int SALT_BYTES = 16;
    public static final int NONCE_BYTES = 12;
    /** What sealing adds to the secret. */
    public static final int TAG_BYTES = 16;

    /** What a guess at the passphrase takes: Argon2id with one lane. */
    public enum Cost {
        /** 64 MiB, 3 passes: the memory and passes that RFC 9106 §4 recommends where memory is scarce. */
        STANDARD("argon2id-64m-3-1", 64 << 10, 3),
        /** 19 MiB, 2 passes: the least that OWASP's Password Storage Cheat Sheet accepts. */
        LIGHT("argon2id-19m-2-1", 19 << 10, 2);

        private final String wire;
        private final int memoryKib;
        private final int passes;

        Cost(String wire, int memoryKib, int passes) {
            this.wire = wire;
            this.memoryKib = memoryKib;
            this.passes = passes;
        }

        /** The word in files. */
        public String wire() {
            return wire;
        }

        public static Optional<Cost> of(String wire) {
            return Arrays.stream(values()).filter(c -> c.wire.equals(wire)).findFirst();
        }
    }

    /** A new one. */
    public static PassphraseSeal make(Cost cost, RandomSource random) {
        return new PassphraseSeal(cost, random.bytes(SALT_BYTES), random.bytes(NONCE_BYTES));
    }

    /** Seals a secret together with bytes that stay open. */
    public byte[] seal(Secret passphrase, byte[] secret, byte[] open) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, passphrase, secret, open);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
    }

    /** The secret, which the caller wipes; empty if the passphrase is wrong or anything was altered. */
    public Optional<byte[]> open(Secret passphrase, byte[] sealed, byte[] open) {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, passphrase, sealed, open));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
    }

    private byte[] cipher(int mode, Secret passphrase, byte[] input, byte[] open) throws GeneralSecurityException {
        byte[] key = derive(passphrase);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_BYTES, nonce));
            cipher.updateAAD(open);
            return cipher.doFinal(input);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] derive(Secret passphrase) {
        byte[] text = passphrase.bytes();
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib)
                .withIterations(cost.passes)
                .withParallelism(1)
                .withSalt(salt)
                .build());
        byte[] key = new byte[32];
        argon2.generateBytes(text, key);
        Arrays.fill(text, (byte) 0);
        return key;
    }
}
