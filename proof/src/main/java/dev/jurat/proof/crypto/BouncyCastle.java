package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The strict profiles on BouncyCastle.
 *
 * <p>BouncyCastle multiplies the equation of Ed25519 by the cofactor, so it proves S·B = R + k·A + T for some T of order dividing 8. A is of
 * prime order, hence S·B − k·A is too, and T is neutral exactly when R lies in the subgroup of prime order. That is checked on R after the
 * equation, which makes the two checks together the equation without the cofactor. The neutral R is in the subgroup and passes, as it does
 * with providers that compare bytes.
 */
final class BouncyCastle {
    private BouncyCastle() {}

    /** Checks the bytes of an Ed25519 key and readies it. */
    static SuiteVerifier.ForKey ed25519(byte[] key) throws FormatException {
        Ed25519.PublicPoint point = Ed25519Points.requireKey(key);
        return (message, signature) -> Ed25519Points.isSignature(signature)
                && Ed25519.verify(signature, 0, point, message, 0, message.length)
                && Ed25519Points.isTorsionFree(signature);
    }

    /** Checks the bytes of a P-256 key and readies it. */
    static SuiteVerifier.ForKey p256(byte[] key) throws FormatException {
        ECPublicKeyParameters point = new ECPublicKeyParameters(P256Points.requireKey(key), P256Points.CURVE);
        return (message, signature) -> P256Points.isSignature(signature) && verifies(point, message, signature);
    }

    private static boolean verifies(ECPublicKeyParameters key, byte[] message, byte[] signature) {
        ECDSASigner checker = new ECDSASigner();
        checker.init(false, key);
        return checker.verifySignature(
                Hash.of(message).bytes(),
                P256Points.number(signature, 0),
                P256Points.number(signature, P256Points.NUMBER_BYTES));
    }
}
