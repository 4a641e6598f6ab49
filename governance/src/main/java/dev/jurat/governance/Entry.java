package dev.jurat.governance;

import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.Optional;

/** A record on its way to the ledger, with its body where its kind has one. */
public record Entry(SignedRecord record, Optional<Body> body) {
    public RecordId id() {
        return record.id();
    }
}
