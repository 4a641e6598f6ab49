package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.StorageException;
import java.io.IOException;

/** Takes the leaves of a log as it is opened, in order: from the first on, or from where it knows what they come to. */
@FunctionalInterface
public interface EntryReader {
    /**
     * All leaves are given. Said once, before the first; if there is none, before the end.
     *
     * @param leaves those that were given before; for this thread, as long as the log is being opened
     */
    default void begins(LeafSource leaves) throws IOException, StorageException {}

    /**
     * The leaves that the reader knows already are not given to it, the first that is comes after them: the log has the root there that it named. Said
     * instead of {@link #begins}.
     *
     * @param leaves those that are skipped, and each that was given since; for this thread, as long as the log is being opened
     * @throws StorageException if it may not go on from there
     */
    default void resumes(Skipped skipped, LeafSource leaves) throws IOException, StorageException {
        throw new IllegalStateException("this reader begins at leaf 0");
    }

    /** What the reader knows is not of this log, or cannot be held against it, and why: it is to forget it. Said before {@link #begins}. */
    default void startsOver(String why) throws IOException, StorageException {}

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
