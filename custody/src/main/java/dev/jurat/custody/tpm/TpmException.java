package dev.jurat.custody.tpm;

import dev.jurat.custody.CustodyException;

/** Why a TPM did not do what it was asked. Neither the sentence nor the cause has a secret in it. */
final class TpmException extends RuntimeException {
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

    TpmCode code() {
        return code;
    }

    /** The same, as every custody tells it. */
    CustodyException told() {
        CustodyException e = new CustodyException(code.code(), String.valueOf(getMessage()), code.next());
        e.initCause(this);
        return e;
    }
}
