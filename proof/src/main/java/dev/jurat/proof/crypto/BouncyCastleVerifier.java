package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The strict profile on BouncyCastle.
 *
 * <p>BouncyCastle multiplies the equation by the cofactor, so it proves S·B = R + k·A + T for some T of order dividing 8. A is of prime
 * order, hence S·B − k·A is too, and T is neutral exactly when R lies in the subgroup of prime order. That is checked on R after the
 * equation, which makes the two checks together the equation without the cofactor. The neutral R is in the subgroup and passes, as it does
 * with providers that compare bytes.
 */
final class BouncyCastleVerifier implements Ed25519Verifier {
    static final BouncyCastleVerifier INSTANCE = new BouncyCastleVerifier();

    private BouncyCastleVerifier() {}

    @Override
    public ForKey forKey(byte[] key) {
        try {
            return forPoint(Ed25519Points.requireKey(key));
        } catch (FormatException e) {
            throw new IllegalArgumentException("not a checked key", e);
        }
    }

    static ForKey forPoint(Ed25519.PublicPoint point) {
        return (message, signature) -> verifies(point, message, signature);
    }

    private static boolean verifies(Ed25519.PublicPoint point, byte[] message, byte[] signature) {
        return Ed25519Points.isSignature(signature)
                && Ed25519.verify(signature, 0, point, message, 0, message.length)
                && Ed25519Points.isTorsionFree(signature);
    }
}
