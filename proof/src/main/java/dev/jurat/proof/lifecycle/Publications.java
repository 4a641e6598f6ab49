package dev.jurat.proof.lifecycle;

import dev.jurat.proof.crypto.Hash;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The artefacts that genesis names, and those that were ever published. */
final class Publications {
    private final Set<Hash> named = new HashSet<>();
    private final Set<Hash> published = new HashSet<>();

    void genesis(Collection<Hash> artefacts) {
        named.addAll(artefacts);
    }

    void add(Hash artefact) {
        published.add(artefact);
    }

    boolean contains(Hash artefact) {
        return published.contains(artefact);
    }

    Set<Hash> all() {
        return Set.copyOf(published);
    }

    /** Whether the governor may still put it on the ledger: what genesis names, once. */
    boolean isOpenToGovernor(Hash artefact) {
        return named.contains(artefact) && !published.contains(artefact);
    }
}
