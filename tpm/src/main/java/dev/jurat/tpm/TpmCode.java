package dev.jurat.tpm;

/** What went wrong with a TPM ({@code docs/codes.md}, TPM): stable text, whose turn it is, and what to do. */
public enum TpmCode {
    MISSING("tpm-missing", "operator", "see that the device is there and that its address is right"),
    DENIED("tpm-denied", "operator", "give this user the device, as by the group tss"),
    UNFIT("tpm-unfit", "operator", "take a TPM 2.0 with ECC on P-256"),
    AUTH("tpm-auth", "you", "give the right password; wrong ones are counted, and lock the TPM"),
    LOCKED_OUT("tpm-locked-out", "operator", "wait for its recovery time, or have its owner reset the lockout"),
    RESET("tpm-reset", "operator", "make another key: this one was in a TPM that was cleared, or in another one"),
    FULL("tpm-full", "operator", "flush what others left loaded, or use /dev/tpmrm0, which makes room by itself"),
    TIMEOUT("tpm-timeout", "operator", "see who holds the TPM, and ask again; whether it was done is not known"),
    GARBLED("tpm-garbled", "operator", "do not use this TPM until it is known who answers for it"),
    BUSY("tpm-busy", "you", "wait, and ask again"),
    REFUSED("tpm-refused", "operator", "see what the TPM says, and its log"),
    KEY_FORM("tpm-key-form", "operator", "take the key's file back from a backup"),
    CLOSED("tpm-closed", "you", "open it again");

    private final String text;
    private final String owner;
    private final String next;

    TpmCode(String text, String owner, String next) {
        this.text = text;
        this.owner = owner;
        this.next = next;
    }

    public String text() {
        return text;
    }

    /** {@code you}, {@code operator} or {@code jurat}. */
    public String owner() {
        return owner;
    }

    public String next() {
        return next;
    }
}
