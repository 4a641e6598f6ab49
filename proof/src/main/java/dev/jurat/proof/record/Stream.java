package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.VerifyKey;
import java.util.Arrays;

/**
 * One chain of numbered records: a principal and one of its sessions, or, for a person, one of their credentials
 * ({@code docs/spec/record.md} §2).
 */
public record Stream(String principal, String session) {
    /** The ledger's own stream, which genesis opens. */
    public static final Stream LEDGER = new Stream("system/ledger", "genesis");

    /** The session id that a key has: base32 of the first 16 bytes of the SHA-256 of its bytes. */
    public static String sessionId(VerifyKey key) {
        return Base32.encode(Arrays.copyOf(Hash.of(key.bytes()).bytes(), 16));
    }

    public static Stream parse(String text) throws FormatException {
        int cut = text.lastIndexOf('/');
        if (cut < 0) {
            throw new FormatException("stream-syntax", "a stream is written principal/session");
        }
        return new Stream(Wire.principal(text.substring(0, cut)), Wire.session(text.substring(cut + 1)));
    }

    @Override
    public String toString() {
        return principal + "/" + session;
    }
}
