package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;

/** A named public key for notes, as a vkey text gives it. */
public record NoteVerifier(String name, NoteKeyType type, VerifyKey key) {
    private static final int SIGNATURE_BYTES = 64;

    /** Refuses an impossible name and a key of another suite with an {@link IllegalArgumentException}. */
    public NoteVerifier {
        if (!NoteNames.isValid(name) || key.suite() != Suite.ED25519_2026) {
            throw new IllegalArgumentException("not a key name, or not an Ed25519 key");
        }
    }

    /** The key of a log, which signs its checkpoints. */
    public static NoteVerifier log(String name, VerifyKey key) {
        return new NoteVerifier(name, NoteKeyType.ED25519, key);
    }

    /**
     * Reads a vkey: name, plus, eight lower-case hexadecimal digits of the key id, plus, base64 of type byte and key.
     *
     * @throws FormatException {@code vkey-syntax}, {@code vkey-type}, {@code vkey-id}, or what {@link VerifyKey#of} refuses
     */
    public static NoteVerifier parse(String vkey) throws FormatException {
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3 || !NoteNames.isValid(parts[0]) || !parts[1].matches("[0-9a-f]{8}")) {
            throw new FormatException("vkey-syntax", "a vkey is name+id+key");
        }
        byte[] typed;
        try {
            typed = Base64Text.decode(parts[2]);
        } catch (FormatException e) {
            throw new FormatException("vkey-syntax", "the key of a vkey is base64");
        }
        if (typed.length == 0) {
            throw new FormatException("vkey-syntax", "the key of a vkey begins with its type");
        }
        NoteKeyType type = NoteKeyType.of(typed[0]);
        VerifyKey key = VerifyKey.ed25519(Arrays.copyOfRange(typed, 1, typed.length));
        NoteVerifier verifier = new NoteVerifier(parts[0], type, key);
        if (verifier.keyId() != HexFormat.fromHexDigits(parts[1])) {
            throw new FormatException("vkey-id", "the id of a vkey is not that of its name and key");
        }
        return verifier;
    }

    /** The first four bytes of SHA-256(name ‖ 0A ‖ type ‖ key), big-endian. */
    public int keyId() {
        return ByteBuffer.wrap(logId().bytes()).getInt();
    }

    /** SHA-256(name ‖ 0A ‖ type ‖ key) in full, which Sigstore calls the log id. */
    public Hash logId() {
        byte[] label = (name + "\n").getBytes(StandardCharsets.UTF_8);
        return Hash.of(label, new byte[] {type.code()}, key.bytes());
    }

    /** The vkey text. */
    public String text() {
        byte[] typed = ByteBuffer.allocate(33).put(type.code()).put(key.bytes()).array();
        return name + "+" + HexFormat.of().toHexDigits(keyId()) + "+" + Base64Text.encode(typed);
    }

    /** Whether a signature line claims to be by this key: same name and same key id. */
    public boolean matches(NoteSignature signature) {
        return name.equals(signature.name()) && keyId() == signature.keyId();
    }

    /** Whether the signature is this key's over the note text; of a cosignature, over the text and its time. */
    public boolean verifies(String text, NoteSignature signature) {
        if (!matches(signature)) {
            return false;
        }
        byte[] bytes = signature.bytes();
        return switch (type) {
            case ED25519 -> key.verifies(text.getBytes(StandardCharsets.UTF_8), bytes);
            case COSIGNATURE_V1 -> verifiesCosignature(text, bytes);
        };
    }

    /** The POSIX seconds that a cosignature states; empty if this key does not sign times or the line is no cosignature of it. */
    public OptionalLong cosignedAtSeconds(NoteSignature signature) {
        byte[] bytes = signature.bytes();
        boolean cosignature = type == NoteKeyType.COSIGNATURE_V1 && matches(signature);
        if (!cosignature || bytes.length != Long.BYTES + SIGNATURE_BYTES) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(ByteBuffer.wrap(bytes).getLong());
    }

    private boolean verifiesCosignature(String text, byte[] bytes) {
        if (bytes.length != Long.BYTES + SIGNATURE_BYTES) {
            return false;
        }
        long seconds = ByteBuffer.wrap(bytes).getLong();
        byte[] message = cosigned(text, seconds);
        return seconds >= 0 && key.verifies(message, Arrays.copyOfRange(bytes, Long.BYTES, bytes.length));
    }

    static byte[] cosigned(String text, long seconds) {
        return ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }
}
