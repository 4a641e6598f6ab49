package dev.jurat.proof.log;

import dev.jurat.proof.crypto.Hash;
import java.util.ArrayList;
import java.util.List;

/** A whole tree in memory, about 64 bytes a leaf and the objects around them: for bundles and tests. Not thread-safe. */
public final class MerkleTree implements HashReader {
    private final List<List<Hash>> levels = new ArrayList<>();
    private final RightEdge edge = RightEdge.empty();

    /** The tree over these leaf hashes. */
    public static MerkleTree of(List<Hash> leafHashes) {
        MerkleTree tree = new MerkleTree();
        leafHashes.forEach(tree::append);
        return tree;
    }

    /** Adds one leaf hash and returns its index. */
    public LeafIndex append(Hash leafHash) {
        return edge.append(leafHash, this::store);
    }

    @Override
    public Hash hash(int level, long index) {
        return levels.get(level).get(Math.toIntExact(index));
    }

    public TreeSize size() {
        return edge.size();
    }

    public Hash root() {
        return edge.root();
    }

    /**
     * The root that the tree had at an earlier size.
     *
     * @throws IllegalArgumentException if it never had that size
     */
    public Hash root(TreeSize at) {
        if (at.compareTo(size()) > 0) {
            throw new IllegalArgumentException("the tree has " + size() + " leaves, not " + at);
        }
        return Rfc6962.root(this, at);
    }

    private void store(int level, long index, Hash hash) {
        if (level == levels.size()) {
            levels.add(new ArrayList<>());
        }
        levels.get(level).add(hash);
    }
}
