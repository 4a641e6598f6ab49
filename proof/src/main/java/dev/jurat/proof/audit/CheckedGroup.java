package dev.jurat.proof.audit;

import dev.jurat.proof.crypto.Ed25519Batch.Signed;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.LeafJudge;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Signatures that were checked ahead, and bodies that were judged ahead, by the index of their leaf. Immutable. */
final class CheckedGroup {
    static final CheckedGroup NONE = new CheckedGroup(List.of(), List.of(), new boolean[0], Map.of());

    private final Map<Long, Run> byLeaf = new HashMap<>();
    private final List<Signed> signed;
    private final boolean[] valid;
    private final Map<Long, JudgedBody> bodies;

    /** The signatures of one leaf stand together. */
    private record Run(int from, int to) {}

    /** What was found of a body, if what the records before it say is this. */
    record JudgedBody(LeafJudge.Before before, ReadLeaf.ReadBody found) {}

    /**
     * What was found of some signatures and bodies.
     *
     * @param leaves the index of the leaf of each signature
     */
    CheckedGroup(List<Long> leaves, List<Signed> signed, boolean[] valid, Map<Long, JudgedBody> bodies) {
        this.signed = signed;
        this.valid = valid;
        this.bodies = bodies;
        for (int i = 0; i < valid.length; i++) {
            int at = i;
            byLeaf.compute(leaves.get(i), (leaf, run) -> new Run(run == null ? at : run.from(), at + 1));
        }
    }

    /** Whether this signature of a leaf is valid; empty if this very one was not checked. */
    Optional<Boolean> verifies(long leaf, VerifyKey key, byte[] message, byte[] signature) {
        Run run = byLeaf.getOrDefault(leaf, new Run(0, 0));
        for (int i = run.from(); i < run.to(); i++) {
            Signed one = signed.get(i);
            if (one.key().equals(key)
                    && Arrays.equals(one.signature(), signature)
                    && Arrays.equals(one.message(), message)) {
                return Optional.of(valid[i]);
            }
        }
        return Optional.empty();
    }

    /** What was found of a leaf's body by what the records before it do say; it is still to be read where it was by anything else, or not at all. */
    ReadLeaf.ReadBody body(long leaf, Supplier<LeafJudge.Before> before) {
        JudgedBody judged = bodies.get(leaf);
        return judged != null && judged.before().equals(before.get()) ? judged.found() : ReadLeaf.LATER;
    }
}
