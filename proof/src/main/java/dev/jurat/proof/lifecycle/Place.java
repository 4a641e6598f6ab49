package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.RecordId;

/** A record by its id, and the leaf that it stands at once that is known: what is judged has no place before it is written. */
final class Place {
    private static final long UNKNOWN = -1;

    private final RecordId id;
    private long leaf;

    private Place(RecordId id, long leaf) {
        this.id = id;
        this.leaf = leaf;
    }

    static Place unknown(RecordId id) {
        return new Place(id, UNKNOWN);
    }

    static Place at(RecordId id, long leaf) {
        return new Place(id, leaf);
    }

    RecordId id() {
        return id;
    }

    boolean isKnown() {
        return leaf != UNKNOWN;
    }

    long leaf() {
        if (leaf == UNKNOWN) {
            throw new IllegalStateException("nobody said where this record stands: " + id);
        }
        return leaf;
    }

    void become(long at) {
        leaf = at;
    }
}
