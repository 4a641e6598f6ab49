package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.StorageException;
import java.io.IOException;

/** Takes the leaves of a log as it is opened, from some on to the last. */
@FunctionalInterface
public interface EntryReader {
    /**
     * Said once, before the first leaf; if there is none, before the end.
     *
     * @param from the first leaf that is given
     * @param leaves those that came before: below {@code from} now, and each that was given since; for this thread, as long as the log is being opened
     */
    default void begins(long from, LeafSource leaves) throws IOException, StorageException {}

    /**
     * One leaf.
     *
     * @throws StorageException if it may not stand there
     */
    void read(long index, byte[] leaf) throws IOException, StorageException;

    /**
     * What comes after the last leaf that was read will be removed as cut off.
     *
     * @throws StorageException if it cannot be: then it stays as it is
     */
    default void torn() throws StorageException {}
}
