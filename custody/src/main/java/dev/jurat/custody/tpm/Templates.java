package dev.jurat.custody.tpm;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.tpm.TpmPublic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a key is asked for as. Each has a mark of its own where the digest of a policy stands: by it a key that a process of ours left loaded is known.
 *
 * <p>Security property: a mark is the digest of a text that is no policy, so that no policy meets it: a key is used under its password alone.
 */
enum Templates {
    /** The parent of the keys, in the owner's hierarchy. */
    PARENT("jurat tpm parent 1", TpmPublic.NO_DA | TpmPublic.RESTRICTED | TpmPublic.DECRYPT),
    /** The key that certifies, in the endorsement hierarchy: it signs what its TPM made, and nothing else. */
    ATTESTATION("jurat tpm attestation 1", TpmPublic.NO_DA | TpmPublic.RESTRICTED | TpmPublic.SIGN),
    /** A key that signs digests; wrong passwords are counted. */
    SIGNING("jurat tpm key 1", TpmPublic.SIGN);

    private static final int FIXED =
            TpmPublic.FIXED_TPM | TpmPublic.FIXED_PARENT | TpmPublic.SENSITIVE_DATA_ORIGIN | TpmPublic.USER_WITH_AUTH;

    private final byte[] mark;
    private final byte[] upToPoint;

    Templates(String mark, int attributes) {
        this.mark = Hash.of(mark.getBytes(StandardCharsets.US_ASCII)).bytes();
        Command.Writer out =
                new Command.Writer().u16(TpmPublic.ECC).u16(TpmPublic.SHA256).u32(FIXED | attributes);
        out.sized(this.mark);
        if ((attributes & TpmPublic.DECRYPT) != 0) {
            out.u16(TpmPublic.AES).u16(128).u16(TpmPublic.CFB).u16(TpmPublic.NULL);
        } else {
            out.u16(TpmPublic.NULL).u16(TpmPublic.ECDSA).u16(TpmPublic.SHA256);
        }
        this.upToPoint = out.u16(TpmPublic.P256).u16(TpmPublic.NULL).bytes();
    }

    /** The bytes that a TPM is asked with: no point yet. */
    byte[] bytes() {
        return new Command.Writer()
                .raw(upToPoint)
                .sized(new byte[0])
                .sized(new byte[0])
                .bytes();
    }

    /** Whether a key is what was asked for, in all but its point. */
    boolean made(TpmPublic area) {
        byte[] bytes = area.bytes();
        return bytes.length > upToPoint.length && Arrays.equals(Arrays.copyOf(bytes, upToPoint.length), upToPoint);
    }

    /** Whether a key has the mark of any of ours. */
    static boolean marked(TpmPublic area) {
        return Arrays.stream(values()).anyMatch(template -> Arrays.equals(template.mark, area.policy()));
    }
}
