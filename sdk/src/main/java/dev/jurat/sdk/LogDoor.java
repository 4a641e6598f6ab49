package dev.jurat.sdk;

import java.io.IOException;
import java.util.Optional;

/** Where the files of a log are asked for. Each answer has a limit of bytes and of time. Thread-safe. */
interface LogDoor extends AutoCloseable {
    /** Where that is, for people. */
    String place();

    /**
     * What lies under a path; empty where nothing does.
     *
     * @throws IOException if nobody knows: no answer, or another one than these two
     */
    Optional<byte[]> get(String path, int bytesMax) throws IOException;

    @Override
    void close();
}
