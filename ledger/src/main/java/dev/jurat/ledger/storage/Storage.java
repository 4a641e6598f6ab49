package dev.jurat.ledger.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The files of one data folder, named by relative paths with {@code /}. Every file operation of the ledger goes through here, so that
 * tests can fail each one.
 *
 * <p>A name that was created, renamed or deleted is durable only after {@link #syncFolder} of the folder that holds it. Thread-safe;
 * the files it opens are not.
 */
public interface Storage {
    /** The bytes of a whole file, or empty if there is none of that name. */
    Optional<byte[]> read(String path) throws IOException;

    boolean exists(String path) throws IOException;

    /** Names of the files and folders directly in a folder, sorted; empty if the folder does not exist. */
    List<String> list(String folder) throws IOException;

    /** Makes one folder whose parent exists; does nothing if it exists already. */
    void makeFolder(String folder) throws IOException;

    /**
     * Makes an empty file.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one of that name
     */
    DurableFile create(String path) throws IOException;

    /**
     * Opens an existing file for reading and writing.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    DurableFile open(String path) throws IOException;

    /** Gives a file or a folder another name in one step; a file that had that name is gone, and no folder has it. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file or an empty folder; does nothing if there is none. */
    void delete(String path) throws IOException;

    /** Makes the names in a folder durable; {@code ""} is the data folder itself. */
    void syncFolder(String folder) throws IOException;

    /** How many bytes can still be written, as the operating system sees it. */
    long usableBytes() throws IOException;

    /**
     * Takes the data folder for this process until closed or until the process ends, however it ends.
     *
     * @throws StorageException {@code data-folder-in-use} if another process, or another ledger of this one, has it
     */
    Closeable lock() throws IOException, StorageException;
}
