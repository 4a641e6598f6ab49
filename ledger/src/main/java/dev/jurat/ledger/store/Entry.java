package dev.jurat.ledger.store;

import java.util.Optional;

/**
 * One record as the ledger keeps it.
 *
 * @param leaf the bytes that are hashed into the tree
 * @param body its body; empty if it has none or it was erased
 */
public record Entry(byte[] leaf, Optional<KeyedBody> body) {
    public Entry withoutBody() {
        return new Entry(leaf, Optional.empty());
    }
}
