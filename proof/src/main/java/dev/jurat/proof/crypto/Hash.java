package dev.jurat.proof.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A SHA-256 digest: exactly 32 bytes, compared by value. Immutable. */
public final class Hash implements Comparable<Hash> {
    public static final int BYTES = 32;
    public static final Hash ZERO = new Hash(new byte[BYTES]);

    private static final MessageDigest SHA256 = lookUp();
    private static final byte[] NIBBLES = nibbles();

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The digest of the concatenation of {@code parts}. */
    public static Hash of(byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return new Hash(digest.digest());
    }

    /**
     * Takes 32 bytes as a digest.
     *
     * @throws IllegalArgumentException if the length is not 32
     */
    public static Hash ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + bytes.length);
        }
        return new Hash(bytes.clone());
    }

    /**
     * Reads 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException for any other text, upper-case digits included
     */
    public static Hash fromHex(String hex) {
        return tryHex(hex)
                .orElseThrow(() -> new IllegalArgumentException("a digest is 64 lower-case hexadecimal digits"));
    }

    /** The same, and nothing for any other text. */
    public static Optional<Hash> tryHex(String hex) {
        if (hex.length() != 2 * BYTES) {
            return Optional.empty();
        }
        byte[] bytes = new byte[BYTES];
        int wrong = 0;
        for (int i = 0; i < BYTES; i++) {
            int high = nibble(hex.charAt(2 * i));
            int low = nibble(hex.charAt(2 * i + 1));
            wrong |= high | low;
            bytes[i] = (byte) (high << 4 | low);
        }
        return wrong < 0 ? Optional.empty() : Optional.of(new Hash(bytes));
    }

    public static boolean isHex(String text) {
        return tryHex(text).isPresent();
    }

    /** −1 for what is no lower-case digit. */
    private static int nibble(char c) {
        return c < NIBBLES.length ? NIBBLES[c] : -1;
    }

    private static byte[] nibbles() {
        byte[] values = new byte['f' + 1];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < 16; i++) {
            values["0123456789abcdef".charAt(i)] = (byte) i;
        }
        return values;
    }

    /** A SHA-256 of the JDK's own provider, whose small-message speed is twice that of native ones. */
    public static MessageDigest sha256() {
        try {
            // To look one up by name takes longer than to hash a digest.
            return (MessageDigest) SHA256.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest lookUp() {
        try {
            return MessageDigest.getInstance("SHA-256", "SUN");
        } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public int compareTo(Hash other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    }

    @Override
    public String toString() {
        return hex();
    }
}
