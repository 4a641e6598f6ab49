package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.util.Base64;

/** Standard base64 with padding (RFC 4648 section 4), accepting only what it would write. */
public final class Base64Text {
    private Base64Text() {}

    public static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Decodes what {@link #encode} writes: no white space, full padding, unused bits zero.
     *
     * @throws FormatException {@code base64}
     */
    public static byte[] decode(String text) throws FormatException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        if (!encode(bytes).equals(text)) {
            throw refused();
        }
        return bytes;
    }

    private static FormatException refused() {
        return new FormatException("base64", "not standard base64 with padding");
    }
}
