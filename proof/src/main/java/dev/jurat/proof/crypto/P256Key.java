package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * A P-256 key whose secret number is in this process's memory.
 *
 * <p>Security property: the nonce of a signature follows from the key and the message (RFC 6979), so that no generator of random numbers can
 * give the key away. Nothing prints the secret. Immutable and thread-safe.
 */
public final class P256Key implements SigningKey {
    public static final int SECRET_BYTES = 32;

    private final ECPrivateKeyParameters secret;
    private final VerifyKey verifyKey;

    private P256Key(BigInteger secret) {
        this.secret = new ECPrivateKeyParameters(secret, P256Points.CURVE);
        byte[] point = new FixedPointCombMultiplier()
                .multiply(P256Points.CURVE.getG(), secret)
                .getEncoded(true);
        try {
            this.verifyKey = VerifyKey.of(Suite.P256_2026, point);
        } catch (FormatException e) {
            throw new IllegalStateException("a computed key is on the curve", e);
        }
    }

    /**
     * Takes a secret number, the highest byte first.
     *
     * @throws IllegalArgumentException if it has not 32 bytes, or is not from 1 to n − 1
     */
    public static P256Key ofSecret(byte[] secret) {
        if (secret.length != SECRET_BYTES || !isSecret(secret)) {
            throw new IllegalArgumentException("a P-256 secret is 32 bytes of a number from 1 to n - 1");
        }
        return new P256Key(P256Points.number(secret, 0));
    }

    /** Makes a new key. */
    public static P256Key generate(RandomSource random) {
        byte[] secret = random.bytes(SECRET_BYTES);
        while (!isSecret(secret)) {
            random.fill(secret);
        }
        return ofSecret(secret);
    }

    private static boolean isSecret(byte[] secret) {
        BigInteger number = P256Points.number(secret, 0);
        return number.signum() > 0 && number.compareTo(P256Points.ORDER) < 0;
    }

    @Override
    public VerifyKey verifyKey() {
        return verifyKey;
    }

    @Override
    public byte[] sign(byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, secret);
        BigInteger[] numbers = signer.generateSignature(Hash.of(message).bytes());
        byte[] signature = new byte[P256Points.SIGNATURE_BYTES];
        BigIntegers.asUnsignedByteArray(numbers[0], signature, 0, P256Points.NUMBER_BYTES);
        BigIntegers.asUnsignedByteArray(
                P256Points.low(numbers[1]), signature, P256Points.NUMBER_BYTES, P256Points.NUMBER_BYTES);
        return signature;
    }

    /** The secret number, a copy: whoever has it is this signer. */
    public byte[] dangerouslySecret() {
        return BigIntegers.asUnsignedByteArray(SECRET_BYTES, secret.getD());
    }

    @Override
    public String toString() {
        return "P256Key[" + verifyKey.text() + "]";
    }
}
