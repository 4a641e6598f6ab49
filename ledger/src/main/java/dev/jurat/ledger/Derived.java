package dev.jurat.ledger;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a ledger keeps what it can make again from its log.
 *
 * @param indexUrl the JDBC address of the index
 * @param stateFolder the folder of the state's files; in memory without one
 */
record Derived(String indexUrl, Optional<Path> stateFolder) {
    /** Nothing that outlives the ledger. */
    static final Derived IN_MEMORY = new Derived("jdbc:sqlite::memory:", Optional.empty());
}
