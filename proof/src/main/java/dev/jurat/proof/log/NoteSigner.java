package dev.jurat.proof.log;

import dev.jurat.proof.crypto.SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Signs note texts under a name; as a log (type 01) or as a cosigner (type 04). As thread-safe as its key. */
public final class NoteSigner {
    private final NoteVerifier verifier;
    private final SigningKey key;

    private NoteSigner(NoteVerifier verifier, SigningKey key) {
        this.verifier = verifier;
        this.key = key;
    }

    /** A signer of plain notes and checkpoints. */
    public static NoteSigner log(String name, SigningKey key) {
        return new NoteSigner(NoteVerifier.log(name, key.verifyKey()), key);
    }

    /** A cosigner. Its signatures do not bind its name, so a key serves one cosigner alone. */
    public static NoteSigner cosigner(String name, SigningKey key) {
        return new NoteSigner(new NoteVerifier(name, NoteKeyType.COSIGNATURE_V1, key.verifyKey()), key);
    }

    public NoteVerifier verifier() {
        return verifier;
    }

    /** Signs a text as a note of its own: the text, an empty line, one signature. */
    public SignedNote note(String text) {
        return SignedNote.of(text).with(sign(text));
    }

    /**
     * Signs a text.
     *
     * @throws IllegalStateException if this signer is a cosigner
     */
    public NoteSignature sign(String text) {
        require(NoteKeyType.ED25519);
        return signature(key.sign(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Cosigns a checkpoint's text.
     *
     * @param seconds POSIX seconds, 0 to 2^63 − 1
     * @throws IllegalStateException if this signer is not a cosigner
     */
    public NoteSignature cosign(String text, long seconds) {
        require(NoteKeyType.COSIGNATURE_V1);
        if (seconds < 0) {
            throw new IllegalArgumentException("a cosignature's time is not negative");
        }
        byte[] signature = key.sign(NoteVerifier.cosigned(text, seconds));
        return signature(ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(seconds)
                .put(signature)
                .array());
    }

    private NoteSignature signature(byte[] bytes) {
        return new NoteSignature(verifier.name(), verifier.keyId(), bytes);
    }

    private void require(NoteKeyType type) {
        if (verifier.type() != type) {
            throw new IllegalStateException("this key signs " + verifier.type() + ", not " + type);
        }
    }
}
