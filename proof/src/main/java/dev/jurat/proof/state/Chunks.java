package dev.jurat.proof.state;

import dev.jurat.proof.crypto.Hash;

/**
 * Where a {@link StateTree} keeps the bytes of its chunks.
 *
 * <p>What cannot be read or written is an {@link java.io.UncheckedIOException}; there is never a guess.
 */
public interface Chunks {
    /** The bytes of a chunk as written last; an empty array for one that is not there. */
    byte[] read(long number);

    /** Takes the new bytes of a chunk, which have this hash. */
    void write(long number, byte[] bytes, Hash hash);
}
