package dev.jurat.proof.log;

import dev.jurat.proof.crypto.MlDsaKey;
import java.nio.ByteBuffer;

/** Adds a log's second line to its checkpoints. Thread-safe. */
public final class SecondLineSigner {
    /** A log says of its own checkpoint nothing about time. */
    private static final long NO_TIME = 0;

    private final SecondLineKey verifier;
    private final MlDsaKey key;

    /** The signer of the log of this origin; an origin that no second line can have is refused with an {@link IllegalArgumentException}. */
    public SecondLineSigner(String origin, MlDsaKey key) {
        this.verifier = new SecondLineKey(origin, key.verifyKey());
        this.key = key;
    }

    public SecondLineKey verifier() {
        return verifier;
    }

    /** The line for a checkpoint. */
    public NoteSignature sign(Checkpoint checkpoint) {
        byte[] signature = key.sign(verifier.message(checkpoint, NO_TIME));
        byte[] timed = ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(NO_TIME)
                .put(signature)
                .array();
        return new NoteSignature(verifier.name(), verifier.keyId(), timed);
    }
}
