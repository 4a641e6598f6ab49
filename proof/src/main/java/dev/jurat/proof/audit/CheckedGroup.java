package dev.jurat.proof.audit;

import dev.jurat.proof.crypto.Ed25519Batch.Signed;
import dev.jurat.proof.crypto.VerifyKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signatures that were checked ahead, by the index of their leaf. Immutable. */
final class CheckedGroup {
    static final CheckedGroup NONE = new CheckedGroup(List.of(), List.of(), new boolean[0]);

    private final Map<Long, Run> byLeaf = new HashMap<>();
    private final List<Signed> signed;
    private final boolean[] valid;

    /** The signatures of one leaf stand together. */
    private record Run(int from, int to) {}

    /**
     * What was found of some signatures.
     *
     * @param leaves the index of the leaf of each
     */
    CheckedGroup(List<Long> leaves, List<Signed> signed, boolean[] valid) {
        this.signed = signed;
        this.valid = valid;
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
}
