package dev.jurat.ledger.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file written at positions and made durable by {@link #sync()}. Used by one thread at a time.
 *
 * <p>What was written since the last {@code sync} may be lost, wholly or in part and in any order, when the machine stops. After a
 * write or sync threw, nobody knows what is on disk: the caller stops and reads again, it never tries once more.
 */
public interface DurableFile extends Closeable {
    long size() throws IOException;

    /** Reads up to the buffer's remaining bytes; returns how many, fewer only at the end of the file. */
    int read(long position, ByteBuffer into) throws IOException;

    /** Writes all remaining bytes of the buffer at {@code position}, growing the file if need be. */
    void write(long position, ByteBuffer bytes) throws IOException;

    /** Makes content and length durable; other metadata need not be. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
}
