package dev.jurat.proof.crypto;

/** A private key that signs, wherever it is kept: in memory, a file, a module. Thread-safe. */
public interface SigningKey {
    /** The public half. */
    VerifyKey verifyKey();

    /** Signs under the key's suite, in 64 bytes: by Ed25519 the same for the same message, by P-256 perhaps others each time, with low s. */
    byte[] sign(byte[] message);
}
