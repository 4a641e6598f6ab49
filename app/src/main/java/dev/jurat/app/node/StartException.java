package dev.jurat.app.node;

import dev.jurat.proof.FormatException;

/** Why a node does not start: stable code, sentence, and what the operator does next. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String next;

    StartException(String code, String message, String next) {
        super(message);
        this.code = code;
        this.next = next;
    }

    StartException(String code, String message, String next, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.next = next;
    }

    /** A key file that cannot be read. */
    static StartException of(FormatException unreadable, NodeConfig config) {
        boolean open = unreadable.code().equals("key-file-open");
        return new StartException(
                unreadable.code(),
                "a key file cannot be read: " + unreadable.getMessage(),
                open ? "chmod -R go-rwx " + config.keys() : "put the file back from a copy",
                unreadable);
    }

    public String code() {
        return code;
    }

    public String next() {
        return next;
    }
}
