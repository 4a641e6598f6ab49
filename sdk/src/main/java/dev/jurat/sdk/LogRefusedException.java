package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.SignedNote;
import java.util.Optional;

/**
 * What a log gave is not what its checkpoints say, or these contradict each other; nothing of it was handed on.
 *
 * <p>With {@code log-forked} both notes are there, and are the proof: the log's key has signed two histories of which neither begins with the
 * other. Whoever shows them needs no trust.
 */
public final class LogRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient Optional<SignedNote> earlier;
    private final transient Optional<SignedNote> given;

    LogRefusedException(
            String code, String message, Optional<SignedNote> earlier, Optional<SignedNote> given, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.earlier = earlier;
        this.given = given;
    }

    static LogRefusedException of(FormatException e, Optional<SignedNote> earlier, Optional<SignedNote> given) {
        return new LogRefusedException(e.code(), String.valueOf(e.getMessage()), earlier, given, e);
    }

    /** A code of {@code docs/spec/log.md} §13. */
    public String code() {
        return code;
    }

    /** The newest checkpoint that was good; empty where there was none. */
    public Optional<SignedNote> earlier() {
        return earlier;
    }

    /** The note that was given now; empty where none could be read. */
    public Optional<SignedNote> given() {
        return given;
    }
}
