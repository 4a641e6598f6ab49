package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.MlDsaVerifyKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The key of a log's second line: its own ML-DSA-44 cosignature of its checkpoints, note type 06, behind its Ed25519 line
 * ({@code docs/spec/log.md} §6).
 *
 * @param name the log's origin, of at most 255 bytes
 */
public record SecondLineKey(String name, MlDsaVerifyKey key) {
    private static final byte TYPE = 0x06;
    private static final int NAME_BYTES_MAX = 255;
    private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

    /** Refuses an impossible name with an {@link IllegalArgumentException}. */
    public SecondLineKey {
        if (!isName(name)) {
            throw new IllegalArgumentException("not the name of a log that has a second line");
        }
    }

    private static boolean isName(String name) {
        return NoteNames.isValid(name) && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX;
    }

    /**
     * Reads a vkey of type 06.
     *
     * @throws FormatException {@code vkey-syntax}, {@code vkey-type}, {@code vkey-id}, {@code key-length}
     */
    public static SecondLineKey parse(String vkey) throws FormatException {
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3 || !isName(parts[0]) || !parts[1].matches("[0-9a-f]{8}")) {
            throw new FormatException("vkey-syntax", "a vkey is name+id+key");
        }
        byte[] typed;
        try {
            typed = Base64Text.decode(parts[2]);
        } catch (FormatException e) {
            throw new FormatException("vkey-syntax", "the key of a vkey is base64");
        }
        if (typed.length == 0 || typed[0] != TYPE) {
            throw new FormatException("vkey-type", "the key of a second line is of type 06");
        }
        SecondLineKey key = new SecondLineKey(parts[0], MlDsaVerifyKey.of(Arrays.copyOfRange(typed, 1, typed.length)));
        if (key.keyId() != HexFormat.fromHexDigits(parts[1])) {
            throw new FormatException("vkey-id", "the id of a vkey is not that of its name and key");
        }
        return key;
    }

    /** The first four bytes of SHA-256(name ‖ 0A ‖ 06 ‖ key), big-endian. */
    public int keyId() {
        byte[] label = (name + "\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Hash.of(label, typed()).bytes()).getInt();
    }

    private byte[] typed() {
        return ByteBuffer.allocate(1 + MlDsaVerifyKey.BYTES)
                .put(TYPE)
                .put(key.bytes())
                .array();
    }

    /** The vkey text. */
    public String text() {
        return name + "+" + HexFormat.of().toHexDigits(keyId()) + "+" + Base64Text.encode(typed());
    }

    /** Whether a signature line claims to be by this key: same name and same key id. */
    public boolean matches(NoteSignature signature) {
        return name.equals(signature.name()) && keyId() == signature.keyId();
    }

    /** Whether the line is this key's over the checkpoint and the time that the line states. */
    public boolean verifies(Checkpoint checkpoint, NoteSignature signature) {
        byte[] bytes = signature.bytes();
        if (!matches(signature) || bytes.length != Long.BYTES + MlDsaVerifyKey.SIGNATURE_BYTES) {
            return false;
        }
        long seconds = ByteBuffer.wrap(bytes).getLong();
        return seconds >= 0
                && checkpoint.origin().getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX
                && key.verifies(message(checkpoint, seconds), Arrays.copyOfRange(bytes, Long.BYTES, bytes.length));
    }

    /** The checkpoint as a subtree from 0, in TLS's presentation: neither a note's other lines nor its extensions are covered. */
    byte[] message(Checkpoint checkpoint, long seconds) {
        byte[] by = name.getBytes(StandardCharsets.UTF_8);
        byte[] of = checkpoint.origin().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(LABEL.length + 2 + by.length + of.length + 3 * Long.BYTES + Hash.BYTES)
                .put(LABEL)
                .put((byte) by.length)
                .put(by)
                .putLong(seconds)
                .put((byte) of.length)
                .put(of)
                .putLong(0)
                .putLong(checkpoint.size().value())
                .put(checkpoint.root().bytes())
                .array();
    }
}
