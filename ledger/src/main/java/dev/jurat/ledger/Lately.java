package dev.jurat.ledger;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A map that keeps at least the entries used lately, half as many as it may have at most, and lets go of the others. Thread-safe without a lock: a
 * sequencer that waited for one behind submitting threads, which run when a processor is free, would wait for all of them.
 */
final class Lately<K, V> {
    private final int halfMax;
    private volatile Map<K, V> newer = new ConcurrentHashMap<>();
    private volatile Map<K, V> older = Map.of();

    Lately(int keptMax) {
        halfMax = keptMax / 2;
    }

    Optional<V> get(K key) {
        V found = newer.get(key);
        if (found == null) {
            found = older.get(key);
            if (found != null) {
                put(key, found);
            }
        }
        return Optional.ofNullable(found);
    }

    /** Of two that find it full at once, both may take the older half away: what is missing is found anew. */
    void put(K key, V value) {
        Map<K, V> now = newer;
        now.put(key, value);
        if (now.size() > halfMax) {
            older = now;
            newer = new ConcurrentHashMap<>();
        }
    }
}
