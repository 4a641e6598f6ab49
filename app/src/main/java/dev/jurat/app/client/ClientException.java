package dev.jurat.app.client;

/** A client's configuration cannot be edited as asked: stable code, sentence, and what comes next. Nothing was changed. */
public final class ClientException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String next;

    ClientException(String code, String message, String next) {
        super(message);
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
