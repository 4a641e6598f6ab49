package dev.jurat.ledger;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that submitting threads may check with before the sequencer judges: those of streams and identities used lately. What is
 * missing or stale here costs time, never correctness. Thread-safe.
 */
final class Keyring {
    private static final int STREAMS_KEPT_MAX = 1 << 14;
    private static final int IDENTITIES_KEPT_MAX = 1 << 13;

    private final Map<Stream, VerifyKey> streams = new Recent<>(STREAMS_KEPT_MAX);
    private final Map<RecordId, Bound> identities = new Recent<>(IDENTITIES_KEPT_MAX);

    /** What a use under an identity is checked with. */
    record Bound(VerifyKey key, Hash eid, Grant grant) {}

    synchronized Optional<VerifyKey> stream(Stream stream) {
        return Optional.ofNullable(streams.get(stream));
    }

    synchronized Optional<Bound> identity(RecordId identity) {
        return Optional.ofNullable(identities.get(identity));
    }

    synchronized void learn(Stream stream, VerifyKey key) {
        streams.put(stream, key);
    }

    synchronized void learn(RecordId id, AuthorityFacts.Identity identity) {
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
