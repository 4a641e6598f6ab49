package dev.jurat.app.node;

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

    public String code() {
        return code;
    }

    public String next() {
        return next;
    }
}
