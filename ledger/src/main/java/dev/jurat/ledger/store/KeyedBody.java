package dev.jurat.ledger.store;

/**
 * A body in the clear with the key under which it will lie on disk.
 *
 * @param key 32 bytes, used for this body alone
 */
public record KeyedBody(byte[] key, byte[] bytes) {
    public static final int KEY_BYTES = BodyCipher.KEY_BYTES;
}
