package dev.jurat.testkit.vectors;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Derived;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.record.SignedRecord;
import java.util.TreeMap;

/** A bundle of a new log with something left out, and all that follows from the rest made right again. */
final class NewLogForgery {
    private NewLogForgery() {}

    static byte[] withoutArtefacts(Bundle bundle) {
        try {
            TreeMap<Long, SignedRecord> leaves = new TreeMap<>();
            for (var leaf : bundle.leaves().entrySet()) {
                leaves.put(leaf.getKey(), SignedRecord.ofLeaf(leaf.getValue()));
            }
            Bundle less = new Bundle(
                    bundle.scope(),
                    bundle.checkpoint(),
                    bundle.leaves(),
                    bundle.proofs(),
                    bundle.bodies(),
                    new TreeMap<>(),
                    bundle.manifest(),
                    bundle.summary());
            return Derived.complete(less, Records.of(leaves)).bytes();
        } catch (FormatException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
