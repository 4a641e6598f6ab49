package dev.jurat.ledger;

import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Where the records are that the index has not read yet: refused and conflicting ones at the leaf that tells of them. Thread-safe. */
final class Names {
    private static final int PARSED_MAX = 8192;

    private final Map<RecordId, Long> recent = new ConcurrentHashMap<>();
    private final Map<Long, SignedRecord> parsed = new ConcurrentHashMap<>();

    void put(RecordId id, long index) {
        recent.put(id, index);
    }

    /** Keeps a record as it was parsed on its way in, so that reading it back soon costs nothing. */
    void remember(long index, SignedRecord record) {
        if (parsed.size() < PARSED_MAX) {
            parsed.put(index, record);
        }
    }

    /** A durable record that is still at hand. */
    Optional<SignedRecord> recall(long index) {
        return Optional.ofNullable(parsed.get(index));
    }

    OptionalLong find(RecordId id) {
        Long index = recent.get(id);
        return index == null ? OptionalLong.empty() : OptionalLong.of(index);
    }

    /** Lets go of names below an index: those are in the index now. */
    void forgetBelow(long index) {
        recent.values().removeIf(at -> at < index);
        parsed.keySet().removeIf(at -> at < index);
    }
}
