package dev.jurat.ledger;

import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.VerifyKey;
import java.util.Arrays;
import java.util.List;

/**
 * The checker that the sequencer judges with: it knows the signatures that the submitting threads have found good, and checks all others
 * itself.
 *
 * <p>Security property: an earlier finding counts only for the same key, message and signature, byte for byte. For the sequencer's thread.
 */
final class CheckedSignatures implements SignatureChecker {
    private final SignatureChecker checker;
    private List<Good> good = List.of();
    private boolean trusting;

    /** A signature that was found good. */
    record Good(VerifyKey key, byte[] message, byte[] signature) {
        boolean is(VerifyKey otherKey, byte[] otherMessage, byte[] otherSignature) {
            return Arrays.equals(signature, otherSignature)
                    && key.equals(otherKey)
                    && Arrays.equals(message, otherMessage);
        }
    }

    CheckedSignatures(SignatureChecker checker) {
        this.checker = checker;
    }

    /** What is known to be good from here on; replaces what was. */
    void know(List<Good> found) {
        good = found;
    }

    /**
     * Whether every signature passes unchecked: for leaves below a size whose root this ledger's own key has signed, while they are read
     * again at opening.
     */
    void dangerouslyTrust(boolean trust) {
        trusting = trust;
    }

    @Override
    public boolean verifies(VerifyKey key, byte[] message, byte[] signature) {
        if (trusting) {
            return true;
        }
        for (Good known : good) {
            if (known.is(key, message, signature)) {
                return true;
            }
        }
        return checker.verifies(key, message, signature);
    }
}
