package dev.jurat.tpm;

/** Why a TPM did not do what it was asked. Neither the sentence nor the cause has a secret in it. */
public final class TpmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final TpmCode code;
    private final int answered;

    TpmException(TpmCode code, String message) {
        this(code, message, 0);
    }

    /** With what the TPM answered. */
    TpmException(TpmCode code, String message, int answered) {
        super(message);
        this.code = code;
        this.answered = answered;
    }

    TpmException(TpmCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.answered = 0;
    }

    /** The TPM's own code, or 0. */
    int answered() {
        return answered;
    }

    public TpmCode code() {
        return code;
    }
}
