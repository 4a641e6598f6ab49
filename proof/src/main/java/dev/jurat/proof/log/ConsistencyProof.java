package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * A proof that a tree begins with all leaves of an earlier one, after RFC 9162 section 2.1.4.
 *
 * <p>Between equal sizes, and from the empty tree, the proof has no hashes: then the roots are compared, or the earlier root must be that of
 * the empty tree.
 */
public record ConsistencyProof(TreeSize from, TreeSize to, List<Hash> path) {
    public ConsistencyProof {
        path = List.copyOf(path);
    }

    /**
     * Makes the proof from a tree.
     *
     * @throws IllegalArgumentException if {@code from} is larger than {@code to}
     */
    public static ConsistencyProof make(HashReader reader, TreeSize from, TreeSize to) {
        if (from.compareTo(to) > 0) {
            throw new IllegalArgumentException("size " + from + " comes after size " + to);
        }
        List<Hash> path = new ArrayList<>();
        if (from.value() > 0) {
            collect(reader, from.value(), to.value(), path);
        }
        return new ConsistencyProof(from, to, path.reversed());
    }

    private static void collect(HashReader reader, long from, long to, List<Hash> path) {
        long start = 0;
        long end = to;
        while (from != end) {
            long split = start + Rfc6962.split(end - start);
            if (from <= split) {
                path.add(Rfc6962.rangeRoot(reader, split, end));
                end = split;
            } else {
                path.add(Rfc6962.rangeRoot(reader, start, split));
                start = split;
            }
        }
        if (start > 0) {
            path.add(Rfc6962.rangeRoot(reader, start, end));
        }
    }

    /**
     * Checks that the later root extends the earlier one.
     *
     * @throws FormatException {@code consistency-sizes} if {@code from} is larger than {@code to}; {@code consistency-proof-invalid}
     */
    public void verify(Hash fromRoot, Hash toRoot) throws FormatException {
        if (from.compareTo(to) > 0) {
            throw new FormatException("consistency-sizes", "size " + from + " comes after size " + to);
        }
        boolean trivial = from.value() == 0 || from.equals(to);
        boolean proven = trivial ? verifyTrivial(fromRoot, toRoot) : verifyPath(fromRoot, toRoot);
        if (!proven) {
            throw new FormatException("consistency-proof-invalid", "the proof does not join the two roots");
        }
    }

    private boolean verifyTrivial(Hash fromRoot, Hash toRoot) {
        boolean fromKnown = from.value() > 0 || fromRoot.equals(Rfc6962.EMPTY_ROOT);
        boolean same = !from.equals(to) || fromRoot.equals(toRoot);
        return path.isEmpty() && fromKnown && same;
    }

    private boolean verifyPath(Hash fromRoot, Hash toRoot) {
        long node = from.value() - 1;
        long last = to.value() - 1;
        int up = Long.numberOfTrailingZeros(~node);
        node >>>= up;
        last >>>= up;
        // A complete earlier tree is itself a node of the later one, so the proof does not repeat its root.
        int next = node == 0 ? 0 : 1;
        if (path.size() < next) {
            return false;
        }
        Hash earlier = node == 0 ? fromRoot : path.getFirst();
        Hash later = earlier;
        for (Hash sibling : path.subList(next, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                earlier = Rfc6962.nodeHash(sibling, earlier);
                later = Rfc6962.nodeHash(sibling, later);
                int level = Long.numberOfTrailingZeros(node);
                node >>>= level;
                last >>>= level;
            } else {
                later = Rfc6962.nodeHash(later, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && earlier.equals(fromRoot) && later.equals(toRoot);
    }
}
