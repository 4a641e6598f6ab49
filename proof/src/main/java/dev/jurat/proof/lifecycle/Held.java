package dev.jurat.proof.lifecycle;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Entities by name: those in memory, and through them those that were let go of, which come back when they are asked for. */
final class Held<K, E extends Entity> {
    private final Map<K, E> inMemory = new ConcurrentHashMap<>();
    private final WorkingSet working;
    private final Function<K, Optional<E>> kept;

    /** With a way to make an entity again from what is kept of it. */
    Held(WorkingSet working, Function<K, Optional<E>> kept) {
        this.working = working;
        this.kept = kept;
    }

    @Nullable
    E get(K key) {
        E there = inMemory.get(key);
        return there != null ? there : load(key);
    }

    private @Nullable E load(K key) {
        E again = kept.apply(key).orElse(null);
        if (again == null) {
            return null;
        }
        E before = inMemory.putIfAbsent(key, again);
        if (before != null) {
            return before;
        }
        working.loaded(again);
        return again;
    }

    void put(K key, E entity) {
        inMemory.put(key, entity);
    }

    void remove(K key) {
        inMemory.remove(key);
    }

    Collection<E> inMemory() {
        return inMemory.values();
    }
}
