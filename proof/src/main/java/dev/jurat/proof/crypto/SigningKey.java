package dev.jurat.proof.crypto;

/** A private key that signs, wherever it is kept: in memory, a file, a module. Thread-safe. */
public interface SigningKey {
    /** The public half. */
    VerifyKey verifyKey();

    /** Signs under the key's suite; Ed25519 gives 64 bytes, the same for the same message. */
    byte[] sign(byte[] message);
}
