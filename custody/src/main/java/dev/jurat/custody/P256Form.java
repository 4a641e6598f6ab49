package dev.jurat.custody;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.tpm.TpmPoint;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The forms that custodies have P-256 keys and signatures in, made into those of the suite: a compressed point; r ‖ s with the lower s. */
public final class P256Form {
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final byte[] SPKI_PREFIX =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    private static final int NUMBER_BYTES = 32;

    private P256Form() {}

    /**
     * The 33 bytes of a point of 65, uncompressed; empty for anything else. It is looked at whether it is on the curve: of y one bit is left, and
     * whatever else stood there would come out as a key that is another's.
     */
    public static Optional<byte[]> compressed(byte[] point) {
        if (point.length != 1 + 2 * NUMBER_BYTES || point[0] != 4) {
            return Optional.empty();
        }
        try {
            byte[] x = Arrays.copyOfRange(point, 1, 1 + NUMBER_BYTES);
            byte[] y = Arrays.copyOfRange(point, 1 + NUMBER_BYTES, point.length);
            return Optional.of(TpmPoint.of(x, y).key().bytes());
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /** The same of a SubjectPublicKeyInfo of this curve, in its one usual encoding. */
    public static Optional<byte[]> compressedOfSpki(byte[] spki) {
        boolean named = spki.length > SPKI_PREFIX.length
                && Arrays.equals(SPKI_PREFIX, 0, SPKI_PREFIX.length, spki, 0, SPKI_PREFIX.length);
        return named ? compressed(Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length)) : Optional.empty();
    }

    /** The signature with the lower of its two s; what has not 64 bytes stays as it is, and does not verify. */
    public static byte[] lowS(byte[] raw) {
        if (raw.length != 2 * NUMBER_BYTES) {
            return raw;
        }
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(raw, NUMBER_BYTES, raw.length));
        if (s.compareTo(ORDER.shiftRight(1)) <= 0 || s.compareTo(ORDER) >= 0) {
            return raw;
        }
        byte[] lower = raw.clone();
        put(ORDER.subtract(s), lower, NUMBER_BYTES);
        return lower;
    }

    /** A signature of DER as 64 bytes with the lower s; empty where it is not the one DER form of two numbers of 32 bytes. */
    public static Optional<byte[]> ofDer(byte[] der) {
        if (der.length < 8 || der.length > 72 || der[0] != 0x30 || der[1] != der.length - 2) {
            return Optional.empty();
        }
        int r = 2;
        int s = next(der, r);
        if (s < 0 || next(der, s) != der.length) {
            return Optional.empty();
        }
        byte[] raw = new byte[2 * NUMBER_BYTES];
        return number(der, r, raw, 0) && number(der, s, raw, NUMBER_BYTES) ? Optional.of(lowS(raw)) : Optional.empty();
    }

    /** Where an INTEGER at this place ends; negative where it is none. */
    private static int next(byte[] der, int at) {
        if (at + 2 > der.length || der[at] != 2 || der[at + 1] < 1 || at + 2 + der[at + 1] > der.length) {
            return -1;
        }
        return at + 2 + der[at + 1];
    }

    private static boolean number(byte[] der, int at, byte[] into, int place) {
        byte[] bytes = Arrays.copyOfRange(der, at + 2, at + 2 + der[at + 1]);
        BigInteger value = new BigInteger(bytes);
        if (value.signum() < 0 || value.bitLength() > 8 * NUMBER_BYTES || !Arrays.equals(value.toByteArray(), bytes)) {
            return false;
        }
        put(value, into, place);
        return true;
    }

    private static void put(BigInteger value, byte[] into, int place) {
        byte[] bytes = value.toByteArray();
        int length = Math.min(NUMBER_BYTES, bytes.length);
        Arrays.fill(into, place, place + NUMBER_BYTES, (byte) 0);
        System.arraycopy(bytes, bytes.length - length, into, place + NUMBER_BYTES - length, length);
    }
}
