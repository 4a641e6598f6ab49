package dev.jurat.app.demo;

/** The tour cannot go on: what is missing, in words for the person who started it. */
public final class DemoException extends Exception {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
