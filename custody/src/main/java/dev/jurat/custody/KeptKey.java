package dev.jurat.custody;

import dev.jurat.proof.crypto.SigningKey;

/** An open key of a {@link Custody}. Thread-safe. */
public interface KeptKey extends SigningKey, AutoCloseable {
    /**
     * Signs.
     *
     * @throws CustodyException if there is no signature that verifies
     */
    @Override
    byte[] sign(byte[] message);

    /** Gives up what it holds of the key; then it signs no more. */
    @Override
    void close();
}
