package dev.jurat.custody;

import java.util.Optional;

/**
 * Why a custody did not do what it was asked: code, sentence, and what to do. Unchecked, since a {@code SigningKey} signs without saying how.
 *
 * <p>Security property: neither the sentence nor the cause has a secret in it.
 */
public final class CustodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final CustodyCode code;
    private final String next;

    public CustodyException(CustodyCode code, String message, String next) {
        super(message);
        this.code = code;
        this.next = next;
    }

    /** With the code's own next step. */
    public static CustodyException of(CustodyCode code, String message, Optional<? extends Throwable> cause) {
        CustodyException e = new CustodyException(code, message, code.next());
        cause.ifPresent(e::initCause);
        return e;
    }

    public static CustodyException of(CustodyCode code, String message) {
        return of(code, message, Optional.empty());
    }

    public CustodyCode code() {
        return code;
    }

    /** What to do. */
    public String next() {
        return next;
    }
}
