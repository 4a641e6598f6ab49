package dev.jurat.assurance.bench;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The nonces that an Ed25519 key will take, for who knows its seed. A signer whose time tells whether a nonce is small gives its key away after some
 * thousand signatures, by the lattice attacks on ECDSA and EdDSA.
 */
final class Nonces {
    /** A small nonce has this many of its high bits zero. */
    private static final int BITS = 6;

    private final byte[] prefix;

    Nonces(byte[] seed) {
        this.prefix = Arrays.copyOfRange(sha512(seed), 32, 64);
    }

    /** A message whose nonce is small: one in some sixty of those that are made. */
    byte[] small(Supplier<byte[]> made) {
        byte[] message = made.get();
        while (!isSmall(message)) {
            message = made.get();
        }
        return message;
    }

    /** The nonce is the hash modulo the group's order, which is nearly 2^252: what matters is its high bits after that. */
    private boolean isSmall(byte[] message) {
        byte[] little = sha512(prefix, message);
        for (int i = 0, j = little.length - 1; i < j; i++, j--) {
            byte kept = little[i];
            little[i] = little[j];
            little[j] = kept;
        }
        return new BigInteger(1, little).mod(ORDER).bitLength() <= ORDER.bitLength() - 1 - BITS;
    }

    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private static byte[] sha512(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-512", e);
        }
    }
}
