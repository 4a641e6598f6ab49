package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;

/**
 * The name of a record: SHA-256 over the DSSE pre-authentication bytes of its payload ({@code docs/spec/record.md} §3).
 *
 * <p>Signatures are outside it, so nothing malleable is in it. References, {@code previous} and idempotency use it; the leaf hash is for the
 * tree alone.
 */
public record RecordId(Hash hash) implements Comparable<RecordId> {
    /** What genesis, which nothing precedes, has where others name a record. */
    public static final RecordId NONE = new RecordId(Hash.ZERO);

    /** Reads 64 lower-case hexadecimal digits; {@code record-id} for anything else. */
    public static RecordId parse(String hex) throws FormatException {
        return new RecordId(Hash.tryHex(hex)
                .orElseThrow(
                        () -> new FormatException("record-id", "a record id is 64 lower-case hexadecimal digits")));
    }

    public String hex() {
        return hash.hex();
    }

    @Override
    public int compareTo(RecordId other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return hash.hex();
    }
}
