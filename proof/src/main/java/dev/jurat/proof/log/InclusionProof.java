package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * A proof that a leaf is at an index of a tree of a size: the siblings from the leaf up, after RFC 9162 section 2.1.3.
 *
 * <p>Security property: {@link #verify} passes only if the root commits to this leaf at this index and size. The mistake that looks right
 * but is not: taking size or index from anywhere but the signed checkpoint and the proof that is checked against it.
 */
public record InclusionProof(LeafIndex index, TreeSize size, List<Hash> path) {
    public InclusionProof {
        path = List.copyOf(path);
    }

    /**
     * Makes the proof from a tree.
     *
     * @throws IllegalArgumentException if a tree of that size has no such leaf
     */
    public static InclusionProof make(HashReader reader, LeafIndex index, TreeSize size) {
        if (!size.contains(index)) {
            throw new IllegalArgumentException("no leaf " + index + " in a tree of size " + size);
        }
        List<Hash> path = new ArrayList<>();
        long start = 0;
        long end = size.value();
        while (end - start > 1) {
            long split = start + Rfc6962.split(end - start);
            if (index.value() < split) {
                path.add(Rfc6962.rangeRoot(reader, split, end));
                end = split;
            } else {
                path.add(Rfc6962.rangeRoot(reader, start, split));
                start = split;
            }
        }
        return new InclusionProof(index, size, path.reversed());
    }

    /**
     * The root that the proof leads to from a leaf hash.
     *
     * @throws FormatException {@code leaf-index-beyond-size}, or {@code inclusion-proof-invalid} if the path has another length
     */
    public Hash root(Hash leafHash) throws FormatException {
        if (!size.contains(index)) {
            throw new FormatException("leaf-index-beyond-size", "no leaf " + index + " in a tree of size " + size);
        }
        long node = index.value();
        long last = size.value() - 1;
        Hash root = leafHash;
        for (Hash sibling : path) {
            if (last == 0) {
                throw invalid("the path is too long");
            }
            if ((node & 1) == 1 || node == last) {
                root = Rfc6962.nodeHash(sibling, root);
                int up = Long.numberOfTrailingZeros(node);
                node >>>= up;
                last >>>= up;
            } else {
                root = Rfc6962.nodeHash(root, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        if (last != 0) {
            throw invalid("the path is too short");
        }
        return root;
    }

    /**
     * Checks that the leaf is under the root.
     *
     * @throws FormatException {@code leaf-index-beyond-size}, {@code inclusion-proof-invalid}
     */
    public void verify(Hash leafHash, Hash root) throws FormatException {
        if (!root(leafHash).equals(root)) {
            throw invalid("the path does not lead from the leaf to the root");
        }
    }

    private static FormatException invalid(String message) {
        return new FormatException("inclusion-proof-invalid", message);
    }
}
