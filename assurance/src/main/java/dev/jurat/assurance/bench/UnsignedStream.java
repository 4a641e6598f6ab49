package dev.jurat.assurance.bench;

import dev.jurat.ledger.Submission;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Session;
import dev.jurat.sdk.StreamHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes on with a session by records whose signature is 64 zeros: for a ledger that checks none. Not thread-safe. */
final class UnsignedStream {
    private static final byte[] NO_SIGNATURE = new byte[64];

    private final Session session;
    private final RandomSource random;
    private long next;
    private RecordId previous;

    UnsignedStream(Session session, RandomSource random) {
        this.session = session;
        this.random = random;
        this.next = session.next();
        this.previous = session.mark().previous();
    }

    /** The next records, as many as are wanted. */
    List<Submission> next(RecordId seen, int count) {
        List<Submission> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(next(seen));
        }
        return records;
    }

    private Submission next(RecordId seen) {
        Stream stream = session.stream();
        ExecutionFacts facts = new ExecutionFacts.Observation("tools/list", Hash.ofBytes(random.bytes(Hash.BYTES)));
        Header header = new Header(
                facts.kind(), stream, SignerType.SERVICE, next, previous, seen, References.NONE, Suite.ED25519_2026);
        Body body = Body.of(
                random.bytes(Body.SALT_BYTES), stream, next, new ExecutionDetails.Observation(1, List.of()).toJson());
        try {
            SignedRecord record =
                    SignedRecord.of(new Statement(header, facts, body.digest()).bytes(), List.of(NO_SIGNATURE));
            next++;
            previous = record.id();
            return new Submission(record, Optional.of(body.bytes()));
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The session, where it stands now. */
    Session session() {
        session.resume(new StreamHead(next, previous, "open"));
        return session;
    }
}
