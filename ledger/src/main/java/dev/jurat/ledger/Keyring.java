package dev.jurat.ledger;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.util.Optional;

/**
 * The keys that submitting threads may check with before the sequencer judges: those of streams and identities used lately. What is
 * missing or stale here costs time, never correctness. Thread-safe, and nobody waits for another.
 */
final class Keyring {
    private static final int STREAMS_KEPT_MAX = 1 << 14;
    private static final int IDENTITIES_KEPT_MAX = 1 << 13;

    private final Lately<Stream, VerifyKey> streams = new Lately<>(STREAMS_KEPT_MAX);
    private final Lately<RecordId, Bound> identities = new Lately<>(IDENTITIES_KEPT_MAX);

    /** What a use under an identity is checked with. */
    record Bound(VerifyKey key, Hash eid, Grant grant) {}

    Optional<VerifyKey> stream(Stream stream) {
        return streams.get(stream);
    }

    Optional<Bound> identity(RecordId identity) {
        return identities.get(identity);
    }

    void learn(Stream stream, VerifyKey key) {
        streams.put(stream, key);
    }

    void learn(RecordId id, AuthorityFacts.Identity identity) {
        try {
            identities.put(
                    id,
                    new Bound(VerifyKey.parse(Suite.ED25519_2026, identity.key()), identity.eid(), identity.grant()));
        } catch (FormatException e) {
            // An admitted identity names its session's key, which was read when the session opened.
            throw new IllegalStateException(e);
        }
    }
}
