package dev.jurat.proof.bundle;

import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;

/** A record and its place in the log. */
public record Leaf(long index, SignedRecord record) {
    public RecordId id() {
        return record.id();
    }

    public Kind kind() {
        return record.kind();
    }

    public Header header() {
        return record.header();
    }

    public Stream stream() {
        return record.header().stream();
    }
}
