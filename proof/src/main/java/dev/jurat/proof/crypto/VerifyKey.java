package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A public key of one suite, checked when it is made: whoever holds one holds a point of prime order in its canonical encoding.
 *
 * <p>Security property: {@link #verifies} is the strict profile of the key's suite, so that every provider gives the same answer. Of
 * {@code ed25519-2026}: the signature is 64 bytes R ‖ S, S is less than the group order, R is a canonical encoding, and S·B = R + k·A holds
 * without the cofactor. Of {@code p256-2026}: it is 64 bytes r ‖ s, r and s are from 1 to n − 1, s is not above n / 2, and the equation of
 * ECDSA holds for the SHA-256 of the message. A key is of the suite that its length says, and never tried as one of another. The mistake that looks right but is not: calling a provider directly. Providers disagree on crafted keys and signatures, and only the
 * holder of a key can make such a record, which would then verify in one place and not in another.
 *
 * <p>Compared by value; immutable and thread-safe. See {@code docs/spec/log.md}, section 8.
 */
public final class VerifyKey {
    private static final int REMEMBERED_MAX = 4096;

    /** Keys that were checked lately: the order of a point takes longer to find than a signature to check, and the same few keys sign most records. */
    private static final Map<Raw, VerifyKey> REMEMBERED = new ConcurrentHashMap<>();

    private record Raw(Suite suite, ByteBuffer bytes) {}

    private final Suite suite;
    private final byte[] bytes;
    private final SuiteVerifier.ForKey verifier;

    private VerifyKey(Suite suite, byte[] bytes, SuiteVerifier.ForKey verifier) {
        this.suite = suite;
        this.bytes = bytes;
        this.verifier = verifier;
    }

    /**
     * Checks and takes the raw bytes of a key.
     *
     * @throws FormatException {@code suite-unavailable}, {@code key-length}, {@code key-not-canonical}, {@code key-not-prime-order}
     */
    public static VerifyKey of(Suite suite, byte[] bytes) throws FormatException {
        suite.requireAvailable();
        byte[] copy = bytes.clone();
        Raw raw = new Raw(suite, ByteBuffer.wrap(copy));
        VerifyKey known = REMEMBERED.get(raw);
        if (known != null) {
            return known;
        }
        VerifyKey key = new VerifyKey(suite, copy, check(suite, copy));
        if (REMEMBERED.size() >= REMEMBERED_MAX) {
            REMEMBERED.clear();
        }
        REMEMBERED.put(raw, key);
        return key;
    }

    private static SuiteVerifier.ForKey check(Suite suite, byte[] bytes) throws FormatException {
        return switch (suite) {
            case ED25519_2026 -> BouncyCastle.ed25519(bytes);
            case P256_2026 -> BouncyCastle.p256(bytes);
            case WEBAUTHN_2026, HYBRID_2026 -> throw new IllegalStateException("an unavailable suite has no keys");
        };
    }

    /** Checks and takes the 32 bytes of an {@code ed25519-2026} key; errors as for {@link #of}. */
    public static VerifyKey ed25519(byte[] bytes) throws FormatException {
        return of(Suite.ED25519_2026, bytes);
    }

    /**
     * Reads what {@link #text} writes.
     *
     * @throws FormatException {@code base64}, or as for {@link #of}
     */
    public static VerifyKey parse(Suite suite, String text) throws FormatException {
        return of(suite, Base64Text.decode(text));
    }

    /**
     * Reads what {@link #text} writes, of the suite that the length says: 32 bytes are {@code ed25519-2026}, 33 are {@code p256-2026}.
     *
     * @throws FormatException {@code base64}, or as for {@link #of}; {@code key-length} for any other length
     */
    public static VerifyKey parse(String text) throws FormatException {
        byte[] bytes = Base64Text.decode(text);
        return switch (bytes.length) {
            case Ed25519Points.POINT_BYTES -> of(Suite.ED25519_2026, bytes);
            case P256Points.KEY_BYTES -> of(Suite.P256_2026, bytes);
            default -> throw new FormatException("key-length", "a key has 32 or 33 bytes, not " + bytes.length);
        };
    }

    public Suite suite() {
        return suite;
    }

    /** The raw key, 32 bytes for Ed25519, a compressed point of 33 for P-256; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The raw key in standard base64 with padding. */
    public String text() {
        return Base64Text.encode(bytes);
    }

    /** Whether the signature is this key's over the message; false for anything malformed, never an exception. */
    public boolean verifies(byte[] message, byte[] signature) {
        return verifier.verifies(message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyKey key && suite == key.suite && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * suite.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return suite.text() + ":" + text();
    }
}
