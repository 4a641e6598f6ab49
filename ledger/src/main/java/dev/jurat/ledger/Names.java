package dev.jurat.ledger;

import dev.jurat.proof.record.RecordId;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Where the records are that the index has not read yet: refused and conflicting ones at the leaf that tells of them. Thread-safe. */
final class Names {
    private final Map<RecordId, Long> recent = new ConcurrentHashMap<>();

    void put(RecordId id, long index) {
        recent.put(id, index);
    }

    OptionalLong find(RecordId id) {
        Long index = recent.get(id);
        return index == null ? OptionalLong.empty() : OptionalLong.of(index);
    }

    /** Lets go of names below an index: those are in the index now. */
    void forgetBelow(long index) {
        recent.values().removeIf(at -> at < index);
    }
}
