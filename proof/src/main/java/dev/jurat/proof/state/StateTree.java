package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.TreeSize;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tree over the standings of a log's first leaves, whose root the ledger states ({@code docs/spec/state.md} §2).
 *
 * <p>In memory are the hashes, about 64 bytes a chunk; the chunks are with {@link Chunks}. Not thread-safe. Where a chunk cannot be written
 * the tree is as it was before, and the chunks may not be: whoever keeps them takes back what it wrote, or reads all again.
 */
public final class StateTree {
    private static final byte[] NOTHING = {};
    private final Chunks chunks;
    private final HashLevels hashes = new HashLevels();
    private long size;

    /**
     * Takes up a tree where it was left.
     *
     * @param chunkHashes the hash of each chunk, in order
     * @param size how many leaves of the log it is over
     * @throws IllegalArgumentException if a state of that size has another number of chunks
     */
    public StateTree(Chunks chunks, List<Hash> chunkHashes, long size) {
        if (chunkHashes.size() != StateChunk.count(size)) {
            throw new IllegalArgumentException(
                    "the state of size " + size + " has not " + chunkHashes.size() + " chunks");
        }
        this.chunks = chunks;
        this.size = size;
        SortedMap<Long, Hash> all = new TreeMap<>();
        for (Hash hash : chunkHashes) {
            all.put((long) all.size(), hash);
        }
        hashes.set(all.size(), all);
    }

    /** The tree over no leaves. */
    public static StateTree empty(Chunks chunks) {
        return new StateTree(chunks, List.of(), 0);
    }

    /**
     * Goes on to a size and answers its root.
     *
     * @param standings the new standings, by leaf; of all other leaves they are what they were, and of new ones empty
     * @throws IllegalArgumentException if the size is smaller than before, or a leaf is not within it
     * @throws IllegalStateException if the bytes of a chunk are not those that were written
     */
    public Hash advance(long newSize, SortedMap<Long, byte[]> standings) {
        if (newSize < size || (!standings.isEmpty() && standings.lastKey() >= newSize)) {
            throw new IllegalArgumentException("from size " + size + " to " + newSize + " with a leaf beyond");
        }
        SortedMap<Long, byte[]> encoded = new TreeMap<>();
        SortedMap<Long, Hash> changed = new TreeMap<>();
        touched(newSize, standings).forEach((number, slots) -> {
            byte[] bytes = chunk(number)
                    .with(StateChunk.leaves(number, newSize), slots)
                    .encode();
            encoded.put(number, bytes);
            changed.put(number, StateChunk.hash(bytes));
        });
        changed.forEach((number, hash) -> chunks.write(number, encoded.getOrDefault(number, NOTHING), hash));
        hashes.set(StateChunk.count(newSize), changed);
        size = newSize;
        return root();
    }

    /** The chunks that change, with the new standings in each by slot; those that only grow have none. */
    private SortedMap<Long, SortedMap<Integer, byte[]>> touched(long newSize, SortedMap<Long, byte[]> standings) {
        SortedMap<Long, SortedMap<Integer, byte[]>> touched = new TreeMap<>();
        if (newSize > size) {
            for (long number = StateChunk.numberOf(size); number < StateChunk.count(newSize); number++) {
                touched.put(number, new TreeMap<>());
            }
        }
        standings.forEach((leaf, standing) -> touched.computeIfAbsent(StateChunk.numberOf(leaf), n -> new TreeMap<>())
                .put(StateChunk.slotOf(leaf), standing));
        return touched;
    }

    private StateChunk chunk(long number) {
        if (number >= hashes.count()) {
            return StateChunk.empty(0);
        }
        try {
            return StateChunk.decode(bytes(number), StateChunk.leaves(number, size));
        } catch (FormatException e) {
            throw new IllegalStateException("chunk " + number + " of the state has its hash and not its form", e);
        }
    }

    /**
     * The bytes of a chunk.
     *
     * @throws IllegalArgumentException if the state has no such chunk
     * @throws IllegalStateException if they are not those that were written
     */
    public byte[] bytes(long number) {
        Hash hash = hashes.hash(0, number);
        byte[] bytes = chunks.read(number);
        if (!StateChunk.hash(bytes).equals(hash)) {
            throw new IllegalStateException("chunk " + number + " of the state is not what was written");
        }
        return bytes;
    }

    /** The standing of a leaf below {@link #size}. */
    public byte[] standing(long leaf) {
        return chunk(StateChunk.numberOf(leaf)).standing(StateChunk.slotOf(leaf));
    }

    /** The root over all standings; {@link Rfc6962#EMPTY_ROOT} of none. */
    public Hash root() {
        return Rfc6962.root(hashes, new TreeSize(hashes.count()));
    }

    /** How many leaves of the log it is over. */
    public long size() {
        return size;
    }

    /**
     * The inclusion path of a chunk among all.
     *
     * @throws IllegalArgumentException if the state has no such chunk
     */
    public List<Hash> path(long chunk) {
        return InclusionProof.make(hashes, new LeafIndex(chunk), new TreeSize(hashes.count()))
                .path();
    }
}
