package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.StorageException;

/** Takes the leaves of a log as it is opened, from the first on. */
@FunctionalInterface
public interface EntryReader {
    /**
     * One leaf.
     *
     * @throws StorageException if it may not stand there
     */
    void read(long index, byte[] leaf) throws StorageException;

    /**
     * What comes after the last leaf that was read will be removed as cut off.
     *
     * @throws StorageException if it cannot be: then it stays as it is
     */
    default void torn() throws StorageException {}
}
