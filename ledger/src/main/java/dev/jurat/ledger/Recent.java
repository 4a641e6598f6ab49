package dev.jurat.ledger;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that keeps the entries asked for lately, and lets go of the others beyond a number of them. Not thread-safe. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int keptMax;

    Recent(int keptMax) {
        super(16, 0.75f, true);
        this.keptMax = keptMax;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > keptMax;
    }
}
