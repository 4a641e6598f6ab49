package dev.jurat.ledger;

import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.CustodyFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which erasure on the log took which body, and what of that is still to be done.
 *
 * <p>Noted and carried out on the sequencer's thread, or before it starts; asked by any. A few bytes a record of those 256 that have an erased
 * one among them.
 */
final class Erasures {
    /** By 256 records: where the first erasure of each stands; 0, which is genesis, where there is none. */
    private final Map<Long, AtomicLongArray> byPack = new ConcurrentHashMap<>();

    private final AtomicLong count = new AtomicLong();
    private final SortedSet<Long> undone = new TreeSet<>();
    private final ConcurrentSkipListSet<Long> toCompact = new ConcurrentSkipListSet<>();
    private volatile boolean compacting;

    /** Takes note of an erasure that is on the log, or will be with the next commit. */
    void note(long index, CustodyFacts.Erasure facts) {
        undone.add(index);
        for (CustodyFacts.Erased erased : facts.records()) {
            AtomicLongArray pack = byPack.computeIfAbsent(
                    erased.leaf() / Tile.WIDTH_MAX, number -> new AtomicLongArray(Tile.WIDTH_MAX));
            if (pack.compareAndSet((int) (erased.leaf() % Tile.WIDTH_MAX), 0, index)) {
                count.incrementAndGet();
            }
        }
    }

    /** Where the erasure of a record's body stands. */
    OptionalLong of(long index) {
        AtomicLongArray pack = byPack.get(index / Tile.WIDTH_MAX);
        long erasure = pack == null ? 0 : pack.get((int) (index % Tile.WIDTH_MAX));
        return erasure == 0 ? OptionalLong.empty() : OptionalLong.of(erasure);
    }

    /** How many bodies erasures have taken. */
    long count() {
        return count.get();
    }

    /**
     * After the log was read: forgets those erasures of which nothing is left to be done.
     *
     * @param lastRecordsMax more than one commit has: an erasure before those was carried out before the next commit, whoever was killed since
     */
    void settle(LogStore store, long lastRecordsMax) throws IOException {
        Set<Long> left = new TreeSet<>();
        SortedSet<Long> unsure = new TreeSet<>();
        for (Map.Entry<Long, AtomicLongArray> pack : byPack.entrySet()) {
            for (int i = 0; i < Tile.WIDTH_MAX; i++) {
                long erasure = pack.getValue().get(i);
                if (erasure > 0 && store.isKept(pack.getKey() * Tile.WIDTH_MAX + i)) {
                    left.add(erasure);
                }
                if (erasure > 0 && erasure >= store.size() - lastRecordsMax) {
                    unsure.add(pack.getKey());
                }
            }
            toCompact.add(pack.getKey());
        }
        for (long pack : unsure) {
            store.confirmErased(pack * Tile.WIDTH_MAX);
        }
        undone.retainAll(left);
    }

    /**
     * Does what the erasures noted say: takes what the index has from the bodies, then the bodies.
     *
     * <p>Answers whether there was anything to do. In this order, a body that is gone was taken from everywhere: so {@link #settle} looks at the bodies alone.
     */
    boolean carryOut(LogStore store, Indexer indexer) throws IOException {
        if (undone.isEmpty()) {
            return false;
        }
        List<Long> erasures = List.copyOf(undone);
        SortedSet<Long> bodies = new TreeSet<>();
        for (Map.Entry<Long, AtomicLongArray> pack : byPack.entrySet()) {
            for (int i = 0; i < Tile.WIDTH_MAX; i++) {
                if (undone.contains(pack.getValue().get(i))) {
                    bodies.add(pack.getKey() * Tile.WIDTH_MAX + i);
                }
            }
        }
        indexer.erase(bodies, () -> store.erase(erasures));
        bodies.forEach(index -> toCompact.add(index / Tile.WIDTH_MAX));
        undone.clear();
        return true;
    }

    /** Takes the bytes of erased bodies out of the packs; a pack that is not sealed yet waits. */
    void compact(LogStore store) throws IOException {
        for (long pack : new ArrayList<>(toCompact)) {
            if ((pack + 1) * Tile.WIDTH_MAX <= store.sealedSize()) {
                // Taken out first: what is erased while it is written anew asks for it again.
                compacting = true;
                toCompact.remove(pack);
                store.compact(pack * Tile.WIDTH_MAX);
                compacting = false;
            }
        }
    }

    /** How many packs are to be compacted, the one that is being among them. */
    int packsToCompact() {
        return toCompact.size() + (compacting ? 1 : 0);
    }
}
