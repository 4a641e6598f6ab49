package dev.jurat.ledger;

import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.util.Optional;

/** Composes and signs the records that only the ledger writes, each the next of its stream. For the sequencer's thread. */
final class OwnRecords {
    private final Lifecycle lifecycle;
    private final SigningKey key;
    private final RandomSource random;

    OwnRecords(Lifecycle lifecycle, SigningKey key, RandomSource random) {
        this.lifecycle = lifecycle;
        this.key = key;
        this.random = random;
    }

    /** A record of a kind without a body. */
    Submission plain(LedgerFacts facts, References references) {
        Header header = header(facts, references);
        Statement statement = new Statement(header, facts, lifecycle.genesis().hash());
        return new Submission(SignedRecord.sign(statement, key), Optional.empty());
    }

    /** A record whose details lie in a body. */
    Submission withBody(LedgerFacts facts, Json.Obj details) {
        Header header = header(facts, References.NONE);
        Body body = Body.of(random.bytes(Body.SALT_BYTES), Stream.LEDGER, header.sequence(), details);
        Statement statement = new Statement(header, facts, body.digest());
        return new Submission(SignedRecord.sign(statement, key), Optional.of(body.bytes()));
    }

    private Header header(LedgerFacts facts, References references) {
        Lifecycle.StreamHead head = lifecycle.head(Stream.LEDGER).orElseThrow();
        return new Header(
                facts.kind(),
                Stream.LEDGER,
                SignerType.SERVICE,
                head.next(),
                head.previous(),
                lifecycle.clockId(),
                references,
                Suite.ED25519_2026);
    }
}
