package dev.jurat.ledger.storage;

/**
 * A data folder that cannot be used as it is found: in use, damaged, or not a ledger's. Carries a stable code; nothing was changed.
 */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    public StorageException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
