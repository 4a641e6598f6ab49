package dev.jurat.custody.software;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.Secret;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Optional;

/** The file of one key: what it is in the open, its 32 secret bytes under a passphrase. */
record KeyFile(String name, VerifyKey key, PassphraseSeal seal, byte[] sealed) {
    static final int BYTES_MAX = 4096;
    static final int SECRET_BYTES = 32;

    private static final String TYPE = "https://jurat.dev/custody-key/v1";

    static KeyFile seal(
            String name,
            VerifyKey key,
            byte[] secret,
            Secret passphrase,
            PassphraseSeal.Cost cost,
            RandomSource random) {
        KeyFile empty = new KeyFile(name, key, PassphraseSeal.make(cost, random), new byte[0]);
        return new KeyFile(name, key, empty.seal, empty.seal.seal(passphrase, secret, empty.authenticated()));
    }

    /** The secret, which the caller wipes; empty where the passphrase is another. */
    Optional<byte[]> open(Secret passphrase) {
        return seal.open(passphrase, sealed, authenticated());
    }

    private byte[] authenticated() {
        return CanonicalJson.write(open());
    }

    private Json.Obj open() {
        return JsonBuilder.object()
                .put("cipher", "aes-256-gcm")
                .put("kdf", seal.cost().wire())
                .put("key", key.text())
                .put("name", name)
                .put("nonce", Base64Text.encode(seal.nonce()))
                .put("salt", Base64Text.encode(seal.salt()))
                .put("suite", key.suite().text())
                .put("type", TYPE)
                .build();
    }

    byte[] bytes() {
        return CanonicalJson.write(open().with("sealed", Json.of(Base64Text.encode(sealed))));
    }

    /** Reads what {@link #bytes} writes; {@link CustodyCode#DAMAGED} for anything else. */
    static KeyFile read(String name, byte[] bytes) {
        try {
            Fields in = Fields.of(CanonicalJson.readObject(bytes), "key");
            expect(in.string("type"), TYPE);
            expect(in.string("cipher"), "aes-256-gcm");
            expect(in.string("name"), name);
            PassphraseSeal.Cost cost = PassphraseSeal.Cost.of(in.string("kdf"))
                    .orElseThrow(() -> new FormatException("member-value", "an unknown cost"));
            VerifyKey key = VerifyKey.parse(Suite.parse(in.string("suite")), in.string("key"));
            KeyFile file = new KeyFile(
                    name,
                    key,
                    new PassphraseSeal(
                            cost,
                            base64(in.string("salt"), PassphraseSeal.SALT_BYTES),
                            base64(in.string("nonce"), PassphraseSeal.NONCE_BYTES)),
                    base64(in.string("sealed"), SECRET_BYTES + PassphraseSeal.TAG_BYTES));
            in.end();
            return file;
        } catch (FormatException e) {
            throw CustodyException.of(
                    CustodyCode.DAMAGED, "the file of the key " + name + " is not in its form", Optional.of(e));
        }
    }

    private static void expect(String found, String wanted) throws FormatException {
        if (!found.equals(wanted)) {
            throw new FormatException("member-value", "expected " + wanted);
        }
    }

    private static byte[] base64(String text, int length) throws FormatException {
        byte[] bytes = Base64Text.decode(text);
        if (bytes.length != length) {
            throw new FormatException("member-value", "not " + length + " bytes");
        }
        return bytes;
    }

    @Override
    public String toString() {
        return "KeyFile[" + name + " " + key.text() + "]";
    }
}
