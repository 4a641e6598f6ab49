package dev.jurat.proof.tpm;

import dev.jurat.proof.FormatException;
import java.util.Arrays;

/**
 * What a TPM signs when it certifies a key (TPMS_ATTEST of TPM2_Certify). Errors: {@code tpm-structure}, {@code tpm-magic},
 * {@code tpm-attestation-type}.
 *
 * @param challenge what the asker gave, 64 bytes at most
 * @param resets how often the TPM was reset
 * @param restarts how often it was resumed since
 * @param firmware its version, as the vendor counts
 * @param certified the name of the key
 */
record TpmAttest(byte[] challenge, long resets, long restarts, long firmware, byte[] certified) {
    /** The bytes of an attestation, at most. */
    static final int BYTES_MAX = 512;

    private static final long MAGIC = 0xff544347L;
    private static final int CERTIFY = 0x8017;
    private static final int NAME_MAX = 66;

    static TpmAttest parse(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw new FormatException("tpm-structure", "an attestation has " + BYTES_MAX + " bytes at most");
        }
        TpmReader in = new TpmReader(bytes);
        if (in.u32() != MAGIC) {
            throw new FormatException("tpm-magic", "what was signed was not made in a TPM");
        }
        if (in.u16() != CERTIFY) {
            throw new FormatException("tpm-attestation-type", "the attestation certifies no key");
        }
        in.sized(NAME_MAX);
        byte[] challenge = in.sized(NAME_MAX);
        in.u64();
        long resets = in.u32();
        long restarts = in.u32();
        if (in.u8() > 1) {
            throw new FormatException("tpm-structure", "a flag is neither 0 nor 1");
        }
        long firmware = in.u64();
        byte[] certified = in.sized(NAME_MAX);
        in.sized(NAME_MAX);
        in.end();
        return new TpmAttest(challenge, resets, restarts, firmware, certified);
    }

    boolean answers(byte[] wanted) {
        return Arrays.equals(challenge, wanted);
    }
}
