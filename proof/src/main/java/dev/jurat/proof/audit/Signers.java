package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.crypto.Ed25519Batch.Signed;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.LeafJudge;
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
    private final Map<Stream, Optional<VerifyKey>> keys = new Lately<>();
    private final Map<RecordId, Bearer> bearers = new Lately<>();

    /** Who has to prove that a use is theirs. */
    private record Bearer(Optional<VerifyKey> key, Hash eid, Grant grant) {
        static Bearer of(AuthorityFacts.Identity identity) {
            return new Bearer(parsed(identity.key()), identity.eid(), identity.grant());
        }
    }

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
                keys.put(stream, parsed(session.key()));
                add(found, parsed(session.identityKey()), message, signatures.getFirst());
                add(found, key(stream), message, signatures.getLast());
                return found;
            }
            case RegistryFacts.Key key
            when key.action() == RegistryFacts.KeyAction.ENROLL -> {
                keys.put(stream, parsed(key.key()));
                add(found, key(stream), message, signatures.getFirst());
                return found;
            }
            case AuthorityFacts.Identity identity -> bearers.put(record.id(), Bearer.of(identity));
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
        Optional<Bearer> bearer = bearer(identity);
        if (bearer.isPresent()) {
            byte[] message = UseProof.message(
                    bearer.get().eid(), use.call(), record.header().stream().principal(), use.nonce());
            add(found, bearer.get().key(), message, Base64.getDecoder().decode(use.proof()));
        }
    }

    private Optional<Bearer> bearer(RecordId identity) {
        return Optional.ofNullable(bearers.get(identity))
                .or(() -> lifecycle.identity(identity).map(standing -> Bearer.of(standing.facts())));
    }

    /** What the judgement of a body will probably rest on, of a record whose signers were asked for already and of those before it. */
    LeafJudge.Before before(SignedRecord record) {
        return LeafJudge.Before.of(record, identity -> bearer(identity).map(Bearer::grant), this::key);
    }

    private Optional<VerifyKey> key(Stream stream) {
        Optional<VerifyKey> known = keys.get(stream);
        return known != null ? known : lifecycle.head(stream).map(Lifecycle.StreamHead::key);
    }

    /** Empty for what is no key: nothing that is signed by it will pass. */
    private static Optional<VerifyKey> parsed(String key) {
        try {
            return Optional.of(VerifyKey.parse(key));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    private static void add(List<Signed> found, Optional<VerifyKey> key, byte[] message, byte[] signature) {
        key.ifPresent(known -> found.add(new Signed(known, message, signature)));
    }
}
