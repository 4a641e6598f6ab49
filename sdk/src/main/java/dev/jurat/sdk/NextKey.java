package dev.jurat.sdk;

import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts.Recovery;
import dev.jurat.proof.record.SuccessionFacts.Rotation;
import dev.jurat.proof.record.SuccessionFacts.Successor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The record that brings the next key of a principal: number 0 of that key's stream ({@code docs/spec/lifecycle.md} §5).
 *
 * @param reason why, in words; kept in the record's body
 */
public record NextKey(String principal, SignerType type, SigningKey key, String follows, String reason) {
    /** Signed by the new key and the one that it follows, which may be used beside it for as long as this. */
    public Entry rotate(SigningKey followed, Duration overlap, NodeHead head, RandomSource random) {
        long until = head.latest() + overlap.toMillis();
        return entry(
                new Rotation(principal, key.verifyKey().text(), follows, until), List.of(key, followed), head, random);
    }

    /** Signed by the new key and two administrators. */
    public Entry recover(SortedMap<String, ? extends SigningKey> administrators, NodeHead head, RandomSource random) {
        List<SigningKey> signers = new ArrayList<>(List.of(key));
        signers.addAll(administrators.values());
        List<String> by = List.copyOf(administrators.keySet());
        return entry(new Recovery(principal, key.verifyKey().text(), follows, by), signers, head, random);
    }

    private Entry entry(Successor facts, List<SigningKey> signers, NodeHead head, RandomSource random) {
        Header header = new Header(
                facts.kind(),
                stream(),
                type,
                0,
                head.genesis(),
                head.clock(),
                References.NONE,
                key.verifyKey().suite());
        Body body = new PersonDetails(reason).body(random.bytes(Body.SALT_BYTES), stream(), 0);
        SignedRecord record =
                SignedRecord.sign(new Statement(header, facts, body.digest()), signers.toArray(SigningKey[]::new));
        return new Entry(record, Optional.of(body));
    }

    /** The stream that it opens. */
    public Stream stream() {
        return new Stream(principal, Stream.sessionId(key.verifyKey()));
    }
}
