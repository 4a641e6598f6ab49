package dev.jurat.app.keys;

import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.Secret;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A person's signing key, of the suite that its public half's length says, under a passphrase: Argon2id gives the key of AES-256-GCM; the rest of the file, its cost too, is
 * authenticated with it.
 *
 * <p>Security property: the file alone signs nothing, and its name, principal and public key cannot be exchanged without notice.
 */
public record SealedKey(String name, String principal, String publicKey, PassphraseSeal seal, byte[] sealed) {
    /** The largest file, in bytes. */
    public static final int FILE_BYTES_MAX = 4096;

    private static final String TYPE = "https://jurat.dev/operator-key/v1";

    /** Seals a key. */
    public static SealedKey seal(
            String name,
            String principal,
            SigningKey key,
            char[] passphrase,
            PassphraseSeal.Cost cost,
            RandomSource random) {
        SealedKey empty =
                new SealedKey(name, principal, key.verifyKey().text(), PassphraseSeal.make(cost, random), new byte[0]);
        byte[] secretBytes = PersonKeys.dangerouslySecret(key);
        try (Secret secret = Secret.of(passphrase::clone)) {
            byte[] sealed = empty.seal.seal(secret, secretBytes, CanonicalJson.write(empty.open()));
            return new SealedKey(name, principal, empty.publicKey, empty.seal, sealed);
        } finally {
            Arrays.fill(secretBytes, (byte) 0);
        }
    }

    /** Opens the key; empty if the passphrase is wrong or the file was altered. */
    public Optional<SigningKey> open(char[] passphrase) {
        try (Secret secret = Secret.of(passphrase::clone)) {
            return seal.open(secret, sealed, CanonicalJson.write(open()))
                    .flatMap(this::key)
                    .filter(key -> key.verifyKey().text().equals(publicKey));
        }
    }

    private Optional<SigningKey> key(byte[] secret) {
        try {
            return Optional.of(PersonKeys.of(suite(publicKey), secret));
        } catch (IllegalArgumentException | FormatException e) {
            return Optional.empty();
        }
    }

    private static Suite suite(String publicKey) throws FormatException {
        return VerifyKey.parse(publicKey).suite();
    }

    /** What a guess at the passphrase takes. */
    public PassphraseSeal.Cost cost() {
        return seal.cost();
    }

    /** What is not secret. */
    private Json.Obj open() {
        return JsonBuilder.object()
                .put("cipher", "aes-256-gcm")
                .put("kdf", seal.cost().wire())
                .put("key", publicKey)
                .put("name", name)
                .put("nonce", Base64.getEncoder().encodeToString(seal.nonce()))
                .put("principal", principal)
                .put("salt", Base64.getEncoder().encodeToString(seal.salt()))
                .put("type", TYPE)
                .build();
    }

    public byte[] bytes() {
        return CanonicalJson.write(
                open().with("sealed", Json.of(Base64.getEncoder().encodeToString(sealed))));
    }

    /** Reads a file; {@code key-file-syntax}, and the codes of {@link Fields} and {@link VerifyKey}. */
    public static SealedKey read(byte[] bytes) throws FormatException {
        Fields in = Fields.of(CanonicalJson.readObject(bytes), "key file");
        boolean known = in.string("type").equals(TYPE) && in.string("cipher").equals("aes-256-gcm");
        Optional<PassphraseSeal.Cost> cost = PassphraseSeal.Cost.of(in.string("kdf"));
        if (!known || cost.isEmpty()) {
            throw new FormatException("key-file-syntax", "not an operator key file of this version");
        }
        SealedKey key = new SealedKey(
                in.string("name"),
                in.string("principal"),
                in.string("key"),
                new PassphraseSeal(
                        cost.get(),
                        base64(in.string("salt"), PassphraseSeal.SALT_BYTES),
                        base64(in.string("nonce"), PassphraseSeal.NONCE_BYTES)),
                base64(in.string("sealed"), PersonKeys.SECRET_BYTES + PassphraseSeal.TAG_BYTES));
        in.end();
        suite(key.publicKey);
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
