package dev.jurat.gateway.mcp;

import dev.jurat.proof.crypto.Hash;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The name of a member while it is read: the text of a short one, the SHA-256 of the characters of a longer one, so that an object whose
 * names are long costs no second copy of them. Two names have the same key if they have the same characters. Not thread-safe.
 */
final class WireName implements WireScanner.Text {
    /** A name of at most so many characters is kept as text; all names that the table knows are shorter. */
    static final int KEPT_MAX = 64;

    private static final int BUFFER_BYTES = 512;

    private final StringBuilder kept = new StringBuilder();
    private byte[] buffer = {};
    private int filled;
    private @Nullable MessageDigest digest;

    /** Begins another name. */
    WireName begin() {
        kept.setLength(0);
        filled = 0;
        digest = null;
        return this;
    }

    @Override
    public void put(char c) {
        if (digest == null && kept.length() < KEPT_MAX) {
            kept.append(c);
            return;
        }
        if (digest == null) {
            digest = Hash.sha256();
            buffer = buffer.length == 0 ? new byte[BUFFER_BYTES] : buffer;
            for (int i = 0; i < KEPT_MAX; i++) {
                feed(digest, kept.charAt(i));
            }
        }
        feed(digest, c);
    }

    private void feed(MessageDigest into, char c) {
        buffer[filled++] = (byte) (c >> 8);
        buffer[filled++] = (byte) c;
        if (filled == buffer.length) {
            into.update(buffer);
            filled = 0;
        }
    }

    /** What stands for the name: a string, or a digest. */
    Object key() {
        if (digest == null) {
            return kept.toString();
        }
        digest.update(buffer, 0, filled);
        return Hash.ofBytes(digest.digest());
    }
}
