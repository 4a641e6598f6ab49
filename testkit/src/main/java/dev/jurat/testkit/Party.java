package dev.jurat.testkit;

import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;

/** Somebody who writes one stream, with the key that signs it and the head as they know it. Not thread-safe. */
public final class Party {
    private final Stream stream;
    private final SignerType type;
    private final SigningKey key;
    private long next;
    private RecordId previous;

    Party(Stream stream, SignerType type, SigningKey key, RecordId genesis) {
        this.stream = stream;
        this.type = type;
        this.key = key;
        this.previous = genesis;
    }

    public Stream stream() {
        return stream;
    }

    /** The principal's id. */
    public String principal() {
        return stream.principal();
    }

    /** The session's or credential's id. */
    public String session() {
        return stream.session();
    }

    public SignerType type() {
        return type;
    }

    public SigningKey key() {
        return key;
    }

    /** The number that the next record gets. */
    public long next() {
        return next;
    }

    /** The record that the next one names as previous. */
    public RecordId previous() {
        return previous;
    }

    /** Moves the head on by one record; for tests that leave a gap, with any number. */
    public void advance(long sequence, RecordId id) {
        next = sequence + 1;
        previous = id;
    }
}
