package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.LeafJudge;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * An entry as far as it is known by itself, without what stands before it: its hash, its record or why it is none, and its body.
 *
 * @param hash the hash of its leaf
 * @param record the record, where the entry is the one form of one
 * @param fault why there is no record
 */
record ReadLeaf(Hash hash, Optional<SignedRecord> record, Optional<FormatException> fault, ReadBody body) {

    /** What is known of a leaf's body by itself. */
    sealed interface ReadBody {
        /** It is to be read when the leaf is judged: its judgement rests on what was admitted before, or it could not be read yet. */
        record Later() implements ReadBody {}

        /** None is there. */
        record Absent() implements ReadBody {}

        /** What is there in its place is none. */
        record Damaged(FormatException fault) implements ReadBody {}

        /** It is there, and this is amiss with it. */
        record Judged(Optional<Rule> amiss) implements ReadBody {}
    }

    static final ReadBody LATER = new ReadBody.Later();

    /** Reads an entry. Thread-safe as its source is. */
    static ReadLeaf read(LogSource source, long index, byte[] entry) {
        Hash hash = Rfc6962.leafHash(entry);
        try {
            SignedRecord record = SignedRecord.ofLeaf(entry);
            if (!record.isLeaf(entry)) {
                throw new FormatException("leaf-syntax", "not the one form of this record's leaf");
            }
            // Leaf 0, if it is a genesis, has none.
            ReadBody body =
                    index > 0 && LeafJudge.isBodyJudgedAlone(record.kind()) ? body(source, index, record) : LATER;
            return new ReadLeaf(hash, Optional.of(record), Optional.empty(), body);
        } catch (FormatException e) {
            return new ReadLeaf(hash, Optional.empty(), Optional.of(e), LATER);
        }
    }

    private static ReadBody body(LogSource source, long index, SignedRecord record) {
        return body(source, index, bytes -> LeafJudge.bodyFaultAlone(record, bytes));
    }

    /** Reads a leaf's body, and says what is amiss with it. Thread-safe as its source and this judgement are. */
    static ReadBody body(LogSource source, long index, Function<byte[], Optional<Rule>> fault) {
        try {
            return source.body(index)
                    .<ReadBody>map(bytes -> new ReadBody.Judged(fault.apply(bytes)))
                    .orElseGet(ReadBody.Absent::new);
        } catch (FormatException e) {
            return new ReadBody.Damaged(e);
        } catch (IOException e) {
            // It is tried again at its turn, if that comes, and ends the audit there.
            return LATER;
        }
    }
}
