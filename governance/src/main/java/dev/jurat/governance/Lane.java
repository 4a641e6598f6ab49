package dev.jurat.governance;

import dev.jurat.proof.body.Details;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.lifecycle.Lifecycle.StreamHead;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.util.Optional;

/**
 * One session of a service, for one group in flight: it signs the next records of its stream. Not thread-safe.
 *
 * <p>What it wrote counts as used until {@link #rewind}; whoever does not know what became of a group gives the lane up.
 */
public final class Lane {
    private final Stream stream;
    private final SigningKey key;
    private final RandomSource random;
    private final long notAfterMillis;
    private long next;
    private RecordId previous;

    Lane(Stream stream, SigningKey key, RandomSource random, long notAfterMillis, long next, RecordId previous) {
        this.stream = stream;
        this.key = key;
        this.random = random;
        this.notAfterMillis = notAfterMillis;
        this.next = next;
        this.previous = previous;
    }

    public Stream stream() {
        return stream;
    }

    /** Signs the next record of this stream, with a body of these details. */
    public Entry write(Facts facts, References references, RecordId seen, Details details) {
        Body body = details.body(random.bytes(Body.SALT_BYTES), stream, next);
        return sign(new Statement(header(facts, references, seen), facts, body.digest()), Optional.of(body));
    }

    /** Signs the next record of this stream, of a kind that has no body. */
    public Entry writeBare(Facts facts, References references, RecordId seen, RecordId genesis) {
        return sign(new Statement(header(facts, references, seen), facts, genesis.hash()), Optional.empty());
    }

    /** Signs the last record of this stream. */
    Entry end(RecordId seen, RecordId genesis) {
        return writeBare(new RegistryFacts.SessionEnd(next, "closed"), References.NONE, seen, genesis);
    }

    private Header header(Facts facts, References references, RecordId seen) {
        return new Header(
                facts.kind(), stream, SignerType.SERVICE, next, previous, seen, references, Suite.ED25519_2026);
    }

    private Entry sign(Statement statement, Optional<Body> body) {
        SignedRecord record = SignedRecord.sign(statement, key);
        next++;
        previous = record.id();
        return new Entry(record, body);
    }

    /** Goes back to where the ledger has this stream. */
    void rewind(StreamHead head) {
        next = head.next();
        previous = head.previous();
    }

    boolean livesUntil(long millis) {
        return notAfterMillis > millis;
    }
}
