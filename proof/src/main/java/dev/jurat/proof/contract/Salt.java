package dev.jurat.proof.contract;

import java.util.Arrays;
import java.util.HexFormat;

/** 16 random bytes that keep a digest of guessable matter from being guessed. Compared by value; immutable. */
public final class Salt {
    public static final int BYTES = 16;

    private final byte[] bytes;

    private Salt(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes 16 bytes as a salt.
     *
     * @throws IllegalArgumentException if the length is not 16
     */
    public static Salt of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a salt has 16 bytes, not " + bytes.length);
        }
        return new Salt(bytes.clone());
    }

    /** Whether a text is a salt's: 32 lower-case hexadecimal digits. */
    public static boolean isHex(String text) {
        return Words.isHex(text, 2 * BYTES);
    }

    /**
     * Reads 32 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Salt fromHex(String hex) {
        if (!isHex(hex)) {
            throw new IllegalArgumentException("a salt is 32 lower-case hexadecimal digits");
        }
        return new Salt(HexFormat.of().parseHex(hex));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Salt salt && Arrays.equals(bytes, salt.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
