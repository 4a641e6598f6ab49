package dev.jurat.proof.tpm;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** A point of P-256 that was checked to lie on the curve, as a TPM writes it: two coordinates. Immutable. */
public final class TpmPoint {
    /** The bytes of a coordinate, of r and of s. */
    public static final int BYTES = 32;

    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final BigInteger HALF = N.shiftRight(1);

    private final BigInteger x;
    private final BigInteger y;
    private final VerifyKey key;

    private TpmPoint(BigInteger x, BigInteger y) throws FormatException {
        this.x = x;
        this.y = y;
        this.key = VerifyKey.of(Suite.P256_2026, compressed(x, y));
    }

    /**
     * Takes coordinates of 1 to 32 bytes.
     *
     * @throws FormatException {@code tpm-point}
     */
    public static TpmPoint of(byte[] x, byte[] y) throws FormatException {
        BigInteger px = new BigInteger(1, x);
        BigInteger py = new BigInteger(1, y);
        boolean inField = x.length <= BYTES && y.length <= BYTES && px.compareTo(P) < 0 && py.compareTo(P) < 0;
        if (!inField || !square(px).equals(py.multiply(py).mod(P))) {
            throw new FormatException("tpm-point", "this is no point of P-256");
        }
        return new TpmPoint(px, py);
    }

    private static BigInteger square(BigInteger x) {
        return x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(B).mod(P);
    }

    /** The same as a key that signs records. */
    public VerifyKey key() {
        return key;
    }

    /** The form of SEC 1, 33 bytes. */
    private static byte[] compressed(BigInteger x, BigInteger y) {
        byte[] out = new byte[1 + BYTES];
        out[0] = (byte) (y.testBit(0) ? 3 : 2);
        System.arraycopy(fixed(x), 0, out, 1, BYTES);
        return out;
    }

    public byte[] xBytes() {
        return fixed(x);
    }

    public byte[] yBytes() {
        return fixed(y);
    }

    /**
     * r and s of 1 to 32 bytes as r ‖ s with the lower of the two values of s: what a TPM gives has either.
     *
     * @throws FormatException {@code tpm-structure} if one is 0 or not below the order
     */
    public static byte[] lowS(byte[] r, byte[] s) throws FormatException {
        BigInteger low = scalar(s);
        byte[] out = Arrays.copyOf(fixed(scalar(r)), 2 * BYTES);
        System.arraycopy(fixed(low.compareTo(HALF) > 0 ? N.subtract(low) : low), 0, out, BYTES, BYTES);
        return out;
    }

    private static BigInteger scalar(byte[] bytes) throws FormatException {
        BigInteger value = new BigInteger(1, bytes);
        if (value.signum() == 0 || value.compareTo(N) >= 0) {
            throw new FormatException("tpm-structure", "a signature's number is out of range");
        }
        return value;
    }

    private static byte[] fixed(BigInteger value) {
        return HexFormat.of().parseHex(String.format("%064x", value));
    }

    /** The same for an exchange of keys. */
    public ECPublicKey publicKey() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
            return (ECPublicKey)
                    KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }
}
