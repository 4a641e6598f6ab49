package dev.jurat.proof.tpm;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import java.util.Arrays;

/**
 * Answers whether a key lives in the TPM whose attestation key is known. Pure.
 *
 * <p>Security property: a {@link ResidentKey} was made inside the TPM that signed, and cannot leave it, as far as that attestation key is in
 * a TPM itself. The mistake that looks right but is not is to take the attestation key from the evidence: an emulator, and anybody with
 * a P-256 key of their own, makes such evidence. Whoever asks must know the attestation key's name from elsewhere.
 */
public final class TpmCheck {
    private static final int RESIDENT = TpmPublic.FIXED_TPM | TpmPublic.FIXED_PARENT | TpmPublic.SENSITIVE_DATA_ORIGIN;

    private TpmCheck() {}

    /**
     * @param attestationKeyName the name of the attestation key that is believed, 68 hexadecimal digits
     * @param key the key that is asked about
     * @param challenge what was given to the TPM: fresh, so that the answer is
     * @throws FormatException a code of {@code docs/spec/tpm.md}, section 3
     */
    public static ResidentKey check(TpmEvidence evidence, String attestationKeyName, VerifyKey key, byte[] challenge)
            throws FormatException {
        TpmPublic signer = TpmPublic.parse(evidence.attestationKey());
        require(
                signer.nameText().equals(attestationKeyName),
                "tpm-attestation-key",
                "another attestation key signed than the one that is believed");
        require(
                signer.has(RESIDENT | TpmPublic.RESTRICTED | TpmPublic.SIGN)
                        && !signer.has(TpmPublic.DECRYPT)
                        && signer.signsEcdsa(),
                "tpm-attestation-key-free",
                "the attestation key is not restricted to what its TPM made, or could leave it");
        require(
                signer.point().key().verifies(evidence.attestation(), evidence.signature()),
                "tpm-attestation-signature",
                "the attestation key did not sign this");
        return certified(evidence, TpmAttest.parse(evidence.attestation()), key, challenge);
    }

    private static ResidentKey certified(TpmEvidence evidence, TpmAttest attest, VerifyKey key, byte[] challenge)
            throws FormatException {
        require(attest.answers(challenge), "tpm-challenge", "the attestation answers another challenge");
        TpmPublic area = TpmPublic.parse(evidence.key());
        require(
                Arrays.equals(attest.certified(), area.name())
                        && area.nameText().equals(evidence.name()),
                "tpm-name",
                "another key is certified than the one that is shown");
        require(
                area.point().key().equals(key),
                "tpm-other-key",
                "the certified key is not the one that is asked about");
        require(area.has(RESIDENT), "tpm-key-moves", "the key was imported, or can leave its TPM");
        require(
                area.has(TpmPublic.SIGN)
                        && !area.has(TpmPublic.RESTRICTED)
                        && !area.has(TpmPublic.DECRYPT)
                        && area.signsEcdsa(),
                "tpm-key-use",
                "the key is none that signs by ECDSA with SHA-256, and does nothing else");
        return new ResidentKey(key, evidence.name(), attest.resets(), attest.restarts(), attest.firmware());
    }

    private static void require(boolean holds, String code, String message) throws FormatException {
        if (!holds) {
            throw new FormatException(code, message);
        }
    }

    /**
     * A key of which it was checked that it lives in a TPM. Only the check makes one.
     *
     * <p>Its numbers are as the TPM signed them: how often it was reset, and resumed since, and the version of its firmware.
     */
    public static final class ResidentKey {
        private final VerifyKey key;
        private final String name;
        private final long resets;
        private final long restarts;
        private final long firmware;

        private ResidentKey(VerifyKey key, String name, long resets, long restarts, long firmware) {
            this.key = key;
            this.name = name;
            this.resets = resets;
            this.restarts = restarts;
            this.firmware = firmware;
        }

        public VerifyKey key() {
            return key;
        }

        public String name() {
            return name;
        }

        public long resets() {
            return resets;
        }

        public long restarts() {
            return restarts;
        }

        public long firmware() {
            return firmware;
        }
    }
}
