package dev.jurat.testkit;

import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.lifecycle.Lifecycle.StreamHead;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.util.List;

/** The next record without a body that a person signs on a log that no {@link World} follows. */
public final class NextOfPerson {
    private final String principal;
    private final SigningKey key;

    /** A person by their id and key, whose stream is that of the key. */
    public NextOfPerson(String principal, SigningKey key) {
        this.principal = principal;
        this.key = key;
    }

    public Stream stream() {
        return new Stream(principal, Stream.sessionId(key.verifyKey()));
    }

    /**
     * Signs it.
     *
     * @param head where {@link #stream} stands
     * @param clock the newest clock leaf
     */
    public SignedRecord sign(Facts facts, References references, StreamHead head, RecordId clock, RecordId genesis) {
        Header header = new Header(
                facts.kind(),
                stream(),
                SignerType.HUMAN,
                head.next(),
                head.previous(),
                clock,
                references,
                key.verifyKey().suite());
        return SignedRecord.sign(new Statement(header, facts, genesis.hash()), key);
    }

    /** The facts of an erasure of one record by mistake. */
    public static CustodyFacts.Erasure erasure(SignedRecord record, long leaf) {
        return new CustodyFacts.Erasure(
                CustodyFacts.ErasureGround.MISTAKE,
                record.header().stream(),
                List.of(new CustodyFacts.Erased(record.id(), leaf)));
    }
}
