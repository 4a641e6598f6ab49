package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.TlogProof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Whether the leaves are those under the root that the checkpoint states: all of them recomputed, or each by its proof. */
final class TreeCheck {
    private final Bundle bundle;
    private final Checkpoint stated;
    private final Defects defects;

    private TreeCheck(Bundle bundle, Checkpoint stated, Defects defects) {
        this.bundle = bundle;
        this.stated = stated;
        this.defects = defects;
    }

    static void check(Bundle bundle, Checkpoint stated, Defects defects) {
        TreeCheck check = new TreeCheck(bundle, stated, defects);
        if (bundle.leaves().isEmpty() || bundle.leaves().firstKey() != 0) {
            defects.add("genesis-missing", "leaves", "leaf 0 is in every bundle");
        } else if (bundle.proofs().isEmpty()) {
            check.whole();
        } else {
            check.each();
        }
    }

    private void whole() {
        long size = stated.size().value();
        long last = bundle.leaves().lastKey();
        if (bundle.leaves().size() != size || last != size - 1) {
            defects.add(
                    "leaf-missing",
                    "leaves",
                    "without proofs a bundle has every leaf of the tree: " + size + ", not "
                            + bundle.leaves().size());
        }
        List<Hash> hashes = new ArrayList<>();
        bundle.leaves().values().forEach(leaf -> hashes.add(Rfc6962.leafHash(leaf)));
        if (!Rfc6962.root(hashes).equals(stated.root())) {
            defects.add("root-mismatch", "checkpoint", "the leaves have another root than the checkpoint states");
        }
    }

    private void each() {
        if (bundle.leaves().size() >= stated.size().value()) {
            defects.add("proof-unwanted", "proofs", "a bundle with every leaf has no proofs");
        }
        for (Map.Entry<Long, byte[]> leaf : bundle.leaves().entrySet()) {
            byte[] proof = bundle.proofs().get(leaf.getKey());
            if (proof == null) {
                defects.add("proof-missing", "leaf " + leaf.getKey(), "no proof that the leaf is in the tree");
            } else {
                one(leaf.getKey(), leaf.getValue(), proof);
            }
        }
        for (long index : bundle.proofs().keySet()) {
            if (!bundle.leaves().containsKey(index)) {
                defects.add("proof-unwanted", "proof " + index, "a proof without its leaf");
            }
        }
    }

    private void one(long index, byte[] leaf, byte[] bytes) {
        String where = "leaf " + index;
        try {
            TlogProof proof = TlogProof.parse(bytes);
            boolean same = Arrays.equals(
                            proof.checkpoint().bytes(), bundle.checkpoint().bytes())
                    && proof.index().value() == index
                    && Arrays.equals(proof.bytes(), bytes);
            if (!same) {
                defects.add("proof-foreign", where, "the proof is of another leaf or another checkpoint");
                return;
            }
            new InclusionProof(new LeafIndex(index), stated.size(), proof.path())
                    .verify(Rfc6962.leafHash(leaf), stated.root());
        } catch (FormatException e) {
            defects.add(e, where);
        }
    }
}
