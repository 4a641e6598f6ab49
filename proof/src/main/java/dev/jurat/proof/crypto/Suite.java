package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;

/**
 * A dated set of signature algorithms: what a key is, how many signatures a record carries, and what verifies.
 *
 * <p>A suite never changes its meaning; a better one gets a new name and date. There is no default and no flag.
 */
public enum Suite {
    /** Ed25519 under the strict profile of {@link VerifyKey}; one signature of 64 bytes. */
    ED25519_2026("ed25519-2026", 1, true),
    /** ECDSA on P-256 with SHA-256, under the strict profile of {@link VerifyKey}; one signature of 64 bytes, r ‖ s. */
    P256_2026("p256-2026", 1, true),
    /** A WebAuthn assertion whose challenge is the record id: three fields. Known by name only. */
    WEBAUTHN_2026("webauthn-2026", 3, false),
    /** Ed25519 and ML-DSA-44, both wanted. Known by name only. */
    HYBRID_2026("hybrid-2026", 2, false);

    private final String text;
    private final int signatures;
    private final boolean available;

    Suite(String text, int signatures, boolean available) {
        this.text = text;
        this.signatures = signatures;
        this.available = available;
    }

    /**
     * Reads a suite's name.
     *
     * @throws FormatException {@code suite-unknown}
     */
    public static Suite parse(String text) throws FormatException {
        for (Suite suite : values()) {
            if (suite.text.equals(text)) {
                return suite;
            }
        }
        throw new FormatException("suite-unknown", "no suite has this name");
    }

    /** The name in records, such as {@code ed25519-2026}. */
    public String text() {
        return text;
    }

    /** How many signature fields one signer adds to a record. */
    public int signatures() {
        return signatures;
    }

    /** Whether this version can verify it. */
    public boolean available() {
        return available;
    }

    /**
     * Returns this suite if it can be verified.
     *
     * @throws FormatException {@code suite-unavailable}
     */
    public Suite requireAvailable() throws FormatException {
        if (!available) {
            throw new FormatException("suite-unavailable", "suite " + text + " is known by name only in this version");
        }
        return this;
    }
}
