package dev.jurat.tpm;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.tpm.TpmPublic;
import java.nio.charset.StandardCharsets;

/** What keys are asked for. The two primary keys have a {@code unique} of ours, so that nobody else's key has their names. */
final class Templates {
    private static final int FIXED =
            TpmPublic.FIXED_TPM | TpmPublic.FIXED_PARENT | TpmPublic.SENSITIVE_DATA_ORIGIN | TpmPublic.USER_WITH_AUTH;

    private Templates() {}

    /** The parent of the keys, in the owner's hierarchy. */
    static byte[] parent() {
        int attributes = FIXED | TpmPublic.NO_DA | TpmPublic.RESTRICTED | TpmPublic.DECRYPT;
        Command.Writer cipher = new Command.Writer()
                .u16(TpmPublic.AES)
                .u16(128)
                .u16(TpmPublic.CFB)
                .u16(TpmPublic.NULL);
        return area(attributes, cipher, Hash.of(text("jurat tpm parent 1")).bytes());
    }

    /** The key that certifies, in the endorsement hierarchy: it signs what its TPM made, and nothing else. */
    static byte[] attestation() {
        int attributes = FIXED | TpmPublic.NO_DA | TpmPublic.RESTRICTED | TpmPublic.SIGN;
        return area(
                attributes, ecdsa(), Hash.of(text("jurat tpm attestation 1")).bytes());
    }

    /** A key that signs digests; wrong passwords are counted. */
    static byte[] signing() {
        return area(FIXED | TpmPublic.SIGN, ecdsa(), new byte[0]);
    }

    private static Command.Writer ecdsa() {
        return new Command.Writer().u16(TpmPublic.NULL).u16(TpmPublic.ECDSA).u16(TpmPublic.SHA256);
    }

    private static byte[] area(int attributes, Command.Writer schemes, byte[] unique) {
        Command.Writer out =
                new Command.Writer().u16(TpmPublic.ECC).u16(TpmPublic.SHA256).u32(attributes);
        out.sized(new byte[0]).raw(schemes.bytes()).u16(TpmPublic.P256).u16(TpmPublic.NULL);
        return out.sized(unique).sized(new byte[unique.length]).bytes();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
