package dev.jurat.proof;

/**
 * Bytes that no writer of ours would emit. Carries a stable code, such as {@code json-duplicate-key}, and a sentence for people.
 *
 * <p>The codes are listed in {@code docs/spec}; the sentence may change, the code may not.
 */
public final class FormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    public FormatException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** The stable code: lower-case words joined by hyphens. */
    public String code() {
        return code;
    }
}
