package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.io.ByteArrayOutputStream;

/** Base32 (RFC 4648 section 6) in lower case without padding, accepting only what it would write: 16 bytes are 26 characters. */
public final class Base32 {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private Base32() {}

    public static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder((bytes.length * 8 + 4) / 5);
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = buffer << 8 | (b & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET.charAt(buffer >>> bits & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt(buffer << (5 - bits) & 31));
        }
        return text.toString();
    }

    /**
     * Decodes what {@link #encode} writes.
     *
     * @throws FormatException {@code base32}: another character, an impossible length, or unused bits that are not zero
     */
    public static byte[] decode(String text) throws FormatException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() * 5 / 8);
        int buffer = 0;
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                throw new FormatException("base32", "not lower-case base32 without padding");
            }
            buffer = buffer << 5 | value;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.write(buffer >>> bits);
                buffer &= (1 << bits) - 1;
            }
        }
        if (bits >= 5 || buffer != 0) {
            throw new FormatException("base32", "a base32 text of impossible length or with unused bits set");
        }
        return bytes.toByteArray();
    }
}
