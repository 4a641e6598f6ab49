package dev.jurat.app.keys;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A person's signing key under a passphrase: Argon2id gives the key of AES-256-GCM; the rest of the file, its {@link Cost} too, is
 * authenticated with it.
 *
 * <p>Security property: the file alone signs nothing, and its name, principal and public key cannot be exchanged without notice.
 */
public record SealedKey(
        String name, String principal, String publicKey, Cost cost, byte[] salt, byte[] nonce, byte[] sealed) {
    /** The largest file, in bytes. */
    public static final int FILE_BYTES_MAX = 4096;

    private static final String TYPE = "https://jurat.dev/operator-key/v1";

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

        private static Optional<Cost> of(String wire) {
            return Arrays.stream(values()).filter(c -> c.wire.equals(wire)).findFirst();
        }
    }

    /** Seals a key. */
    public static SealedKey seal(
            String name, String principal, SoftwareKey key, char[] passphrase, Cost cost, RandomSource random) {
        byte[] salt = random.bytes(16);
        byte[] nonce = random.bytes(12);
        SealedKey empty = new SealedKey(name, principal, key.verifyKey().text(), cost, salt, nonce, new byte[0]);
        byte[] seed = key.dangerouslySeed();
        try {
            return new SealedKey(
                    name,
                    principal,
                    empty.publicKey,
                    cost,
                    salt,
                    nonce,
                    empty.cipher(Cipher.ENCRYPT_MODE, passphrase, seed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** Opens the key; empty if the passphrase is wrong or the file was altered. */
    public Optional<SoftwareKey> open(char[] passphrase) {
        try {
            byte[] seed = cipher(Cipher.DECRYPT_MODE, passphrase, sealed);
            SoftwareKey key = SoftwareKey.ofSeed(seed);
            Arrays.fill(seed, (byte) 0);
            return key.verifyKey().text().equals(publicKey) ? Optional.of(key) : Optional.empty();
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
    }

    private byte[] cipher(int mode, char[] passphrase, byte[] input) throws GeneralSecurityException {
        byte[] key = derive(passphrase);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(CanonicalJson.write(open()));
            return cipher.doFinal(input);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] derive(char[] passphrase) {
        byte[] text = utf8(passphrase);
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

    private static byte[] utf8(char[] passphrase) {
        var buffer = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
        byte[] out = new byte[buffer.remaining()];
        buffer.get(out);
        Arrays.fill(buffer.array(), (byte) 0);
        return out;
    }

    /** What is not secret. */
    private Json.Obj open() {
        return JsonBuilder.object()
                .put("cipher", "aes-256-gcm")
                .put("kdf", cost.wire)
                .put("key", publicKey)
                .put("name", name)
                .put("nonce", Base64.getEncoder().encodeToString(nonce))
                .put("principal", principal)
                .put("salt", Base64.getEncoder().encodeToString(salt))
                .put("type", TYPE)
                .build();
    }

    public byte[] bytes() {
        return CanonicalJson.write(
                open().with("sealed", Json.of(Base64.getEncoder().encodeToString(sealed))));
    }

    /** Reads a file; {@code key-file-syntax} and the codes of {@link Fields}. */
    public static SealedKey read(byte[] bytes) throws FormatException {
        Fields in = Fields.of(CanonicalJson.readObject(bytes), "key file");
        boolean known = in.string("type").equals(TYPE) && in.string("cipher").equals("aes-256-gcm");
        Optional<Cost> cost = Cost.of(in.string("kdf"));
        if (!known || cost.isEmpty()) {
            throw new FormatException("key-file-syntax", "not an operator key file of this version");
        }
        SealedKey key = new SealedKey(
                in.string("name"),
                in.string("principal"),
                in.string("key"),
                cost.get(),
                base64(in.string("salt"), 16),
                base64(in.string("nonce"), 12),
                base64(in.string("sealed"), 48));
        in.end();
        return key;
    }

    private static byte[] base64(String text, int length) throws FormatException {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == length) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Answered below: not base64 is as wrong as not that long.
        }
        throw new FormatException("key-file-syntax", "not " + length + " bytes in base64");
    }
}
