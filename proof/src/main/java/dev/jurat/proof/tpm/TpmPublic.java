package dev.jurat.proof.tpm;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The public area of a key of a TPM (TPMT_PUBLIC): a P-256 key, its attributes, and what it may sign. Immutable.
 *
 * <p>Errors: {@code tpm-structure}, {@code tpm-name-algorithm}, {@code tpm-key-type}, {@code tpm-point}.
 */
public final class TpmPublic {
    public static final int FIXED_TPM = 1 << 1;
    public static final int FIXED_PARENT = 1 << 4;
    public static final int SENSITIVE_DATA_ORIGIN = 1 << 5;
    public static final int USER_WITH_AUTH = 1 << 6;
    public static final int NO_DA = 1 << 10;
    public static final int RESTRICTED = 1 << 16;
    public static final int DECRYPT = 1 << 17;
    public static final int SIGN = 1 << 18;

    public static final int ECC = 0x0023;
    public static final int SHA256 = 0x000b;
    public static final int NULL = 0x0010;
    public static final int ECDSA = 0x0018;
    public static final int AES = 0x0006;
    public static final int CFB = 0x0043;
    public static final int P256 = 0x0003;
    /** The bytes of a public area, at most: ours have some ninety. */
    public static final int BYTES_MAX = 256;

    private final byte[] bytes;
    private final int attributes;
    private final byte[] policy;
    private final boolean signsEcdsa;
    private final TpmPoint point;

    private TpmPublic(byte[] bytes, int attributes, byte[] policy, boolean signsEcdsa, TpmPoint point) {
        this.bytes = bytes;
        this.attributes = attributes;
        this.policy = policy;
        this.signsEcdsa = signsEcdsa;
        this.point = point;
    }

    public static TpmPublic parse(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw new FormatException("tpm-structure", "a public area has " + BYTES_MAX + " bytes at most");
        }
        TpmReader in = new TpmReader(bytes);
        require(in.u16() == ECC, "tpm-key-type", "the key is not of an elliptic curve");
        require(in.u16() == SHA256, "tpm-name-algorithm", "the key's name is not made with SHA-256");
        int attributes = (int) in.u32();
        byte[] policy = in.sized(Hash.BYTES);
        cipher(in);
        boolean ecdsa = scheme(in);
        require(in.u16() == P256, "tpm-key-type", "the key's curve is not P-256");
        require(in.u16() == NULL, "tpm-key-type", "the key derives keys");
        TpmPoint point = TpmPoint.of(in.sized(TpmPoint.BYTES), in.sized(TpmPoint.BYTES));
        in.end();
        return new TpmPublic(bytes.clone(), attributes, policy, ecdsa, point);
    }

    private static void cipher(TpmReader in) throws FormatException {
        int algorithm = in.u16();
        require(algorithm == NULL || algorithm == AES, "tpm-key-type", "the key has an unknown cipher");
        if (algorithm == AES) {
            in.u32();
        }
    }

    /** Whether it may sign by ECDSA with SHA-256 alone. */
    private static boolean scheme(TpmReader in) throws FormatException {
        int scheme = in.u16();
        require(scheme == NULL || scheme == ECDSA, "tpm-key-type", "the key signs otherwise than by ECDSA");
        return scheme == ECDSA && in.u16() == SHA256;
    }

    private static void require(boolean holds, String code, String message) throws FormatException {
        if (!holds) {
            throw new FormatException(code, message);
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public TpmPoint point() {
        return point;
    }

    /** Whether it has all of these attributes. */
    public boolean has(int wanted) {
        return (attributes & wanted) == wanted;
    }

    /** The digest of the policy by which it may be used too, or nothing. */
    public byte[] policy() {
        return policy.clone();
    }

    public boolean signsEcdsa() {
        return signsEcdsa;
    }

    /** Its name: the algorithm, two bytes, then the SHA-256 of the public area (Part 1, section 16). */
    public byte[] name() {
        byte[] name = new byte[2 + Hash.BYTES];
        name[1] = SHA256;
        System.arraycopy(Hash.of(bytes).bytes(), 0, name, 2, Hash.BYTES);
        return name;
    }

    /** The same in hexadecimal, 68 digits. */
    public String nameText() {
        return HexFormat.of().formatHex(name());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TpmPublic area && Arrays.equals(bytes, area.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
