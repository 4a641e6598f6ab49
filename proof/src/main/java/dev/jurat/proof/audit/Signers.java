package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Ed25519Batch.Signed;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.UseProof;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who probably signed a record, before it is judged: by what records not yet judged say, and else by those that were. A guess that is wrong
 * costs a check that nobody asks for, and nothing else: the rules ask for a key, a message and a signature, and take no other's answer.
 *
 * <p>Remembers a number of records that does not grow. Not thread-safe.
 */
final class Signers {
    private static final int REMEMBERED_MAX = 16_384;

    private final Lifecycle lifecycle;
    private final Map<Stream, String> keys = new Lately<>();
    private final Map<RecordId, Bearer> bearers = new Lately<>();

    /** Who has to prove that a use is theirs. */
    private record Bearer(String key, Hash eid) {}

    private static final class Lately<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED_MAX;
        }
    }

    Signers(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** The signatures of the record that follows which the rules will probably ask for. */
    List<Signed> of(SignedRecord record) {
        List<byte[]> signatures = record.signatures();
        List<Signed> found = new ArrayList<>(2);
        Stream stream = record.header().stream();
        byte[] message = record.preAuthentication();
        switch (record.statement().facts()) {
            case RegistryFacts.Session session -> {
                keys.put(stream, session.key());
                add(found, Optional.of(session.identityKey()), message, signatures.getFirst());
                add(found, Optional.of(session.key()), message, signatures.getLast());
                return found;
            }
            case RegistryFacts.Key key
            when key.action() == RegistryFacts.KeyAction.ENROLL -> {
                keys.put(stream, key.key());
                add(found, Optional.of(key.key()), message, signatures.getFirst());
                return found;
            }
            case AuthorityFacts.Identity identity ->
                bearers.put(record.id(), new Bearer(identity.key(), identity.eid()));
            case ExecutionFacts.Use use -> proof(found, record, use);
            default -> {
                // Others say of no further key.
            }
        }
        add(found, key(stream), message, signatures.getFirst());
        return found;
    }

    private void proof(List<Signed> found, SignedRecord record, ExecutionFacts.Use use) {
        RecordId identity = record.header().references().one("identity");
        Optional<Bearer> bearer = Optional.ofNullable(bearers.get(identity))
                .or(() -> lifecycle
                        .identity(identity)
                        .map(i -> new Bearer(i.facts().key(), i.facts().eid())));
        if (bearer.isPresent()) {
            byte[] message = UseProof.message(
                    bearer.get().eid(), use.call(), record.header().stream().principal(), use.nonce());
            add(
                    found,
                    Optional.of(bearer.get().key()),
                    message,
                    Base64.getDecoder().decode(use.proof()));
        }
    }

    private Optional<String> key(Stream stream) {
        return Optional.ofNullable(keys.get(stream))
                .or(() -> lifecycle.head(stream).map(head -> head.key().text()));
    }

    private static void add(List<Signed> found, Optional<String> key, byte[] message, byte[] signature) {
        try {
            if (key.isPresent()) {
                found.add(new Signed(VerifyKey.parse(Suite.ED25519_2026, key.get()), message, signature));
            }
        } catch (FormatException e) {
            // Not a key: nothing that is signed by it will pass.
        }
    }
}
