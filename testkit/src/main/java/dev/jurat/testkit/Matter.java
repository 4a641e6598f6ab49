package dev.jurat.testkit;

import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.Optional;

/** A signed record and the body that belongs to it, if its kind has one. */
public record Matter(SignedRecord record, Optional<Body> body) {
    public RecordId id() {
        return record.id();
    }
}
