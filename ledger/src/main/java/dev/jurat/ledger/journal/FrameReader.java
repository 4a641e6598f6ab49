package dev.jurat.ledger.journal;

import dev.jurat.ledger.storage.StorageException;
import java.io.IOException;

/** Takes the frames of a journal as it is opened. */
@FunctionalInterface
public interface FrameReader {
    /** One frame, in the order of appending. */
    void read(Frame frame) throws IOException, StorageException;

    /**
     * What comes after the last frame that was read will be removed as cut off.
     *
     * @throws StorageException if it cannot be: then it stays as it is
     */
    default void torn() throws IOException, StorageException {}
}
