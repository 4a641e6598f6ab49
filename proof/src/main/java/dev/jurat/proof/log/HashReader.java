package dev.jurat.proof.log;

import dev.jurat.proof.crypto.Hash;

/** Reads the hashes of complete subtrees, which never change once they are there. */
@FunctionalInterface
public interface HashReader {
    /**
     * The hash over leaves {@code index·2^level} to {@code (index+1)·2^level − 1}; level 0 is the leaf hash itself.
     *
     * <p>Asked only for subtrees that are complete at the tree size in question. An implementation that cannot read throws an unchecked
     * exception; it never returns a guess.
     */
    Hash hash(int level, long index);
}
