package dev.jurat.ledger;

import dev.jurat.ledger.store.Entry;
import dev.jurat.ledger.store.KeyedBody;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One commit as it grows: its entries in order, and which record ids they place. */
final class Draft {
    private final long firstIndex;
    private final RandomSource random;
    private final List<Entry> entries = new ArrayList<>();
    private final List<SignedRecord> records = new ArrayList<>();
    private final Map<RecordId, Long> names = new HashMap<>();

    Draft(long firstIndex, RandomSource random) {
        this.firstIndex = firstIndex;
        this.random = random;
    }

    /** Adds a record and returns its index. */
    long add(SignedRecord record, Optional<byte[]> body) {
        long index = firstIndex + entries.size();
        Optional<KeyedBody> keyed = body.map(b -> new KeyedBody(random.bytes(KeyedBody.KEY_BYTES), b));
        entries.add(new Entry(record.leaf(), keyed));
        records.add(record);
        names.put(record.id(), index);
        return index;
    }

    /** The index that the next record will have. */
    long end() {
        return firstIndex + entries.size();
    }

    /** Says that a record without a leaf of its own is told of at an index. */
    void tellsOf(RecordId id, long index) {
        names.put(id, index);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    List<Entry> entries() {
        return entries;
    }

    List<SignedRecord> records() {
        return records;
    }

    Map<RecordId, Long> names() {
        return names;
    }
}
