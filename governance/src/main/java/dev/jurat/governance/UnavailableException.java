package dev.jurat.governance;

/**
 * The ledger has stopped, is full, or did not answer. After an append it is unknown whether the group was admitted, until the ledger is asked
 * again; nothing may be done on the strength of it.
 */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    public UnavailableException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
