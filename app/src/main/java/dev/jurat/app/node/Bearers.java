package dev.jurat.app.node;

import dev.jurat.proof.crypto.Hash;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which artefacts bear a name: a name means one text, the one that was published under it first, or else the one that comes with Jurat. Asked
 * by a node's door, and by whoever is about to sign a publication. Thread-safe.
 *
 * @param <N> what a name is
 */
public final class Bearers<N> {
    private final Map<N, Set<Hash>> published = new ConcurrentHashMap<>();
    private final Map<N, Hash> shipped;

    /** @param shipped the names of what comes with Jurat */
    public Bearers(Map<N, Hash> shipped) {
        this.shipped = Map.copyOf(shipped);
    }

    /** Takes a publication that stands. A log from before this rule may have several of one name; each of them may be published again. */
    public void add(N name, Hash artefact) {
        published.merge(name, Set.of(artefact), Bearers::both);
    }

    private static Set<Hash> both(Set<Hash> some, Set<Hash> more) {
        Set<Hash> all = new HashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }

    /** Whether anything bears this name. */
    public boolean isTaken(N name) {
        return published.containsKey(name) || shipped.containsKey(name);
    }

    /** The artefact that keeps this one from being published under this name; empty if it may be. */
    public Optional<Hash> other(N name, Hash artefact) {
        Set<Hash> bearers = published.getOrDefault(
                name, Optional.ofNullable(shipped.get(name)).map(Set::of).orElse(Set.of(artefact)));
        return bearers.contains(artefact) ? Optional.empty() : bearers.stream().findFirst();
    }
}
