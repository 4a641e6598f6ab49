package dev.jurat.app.cli;

import dev.jurat.custody.CustodyException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.NodeException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Why a command ends without doing what it was asked: stable code, sentence, the command that comes next, exit status. What comes next is a text
 * for {@link Next}; an empty one means the command's own help.
 */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exit exit;
    private final String code;
    private final String owner;
    private final String next;
    private final boolean complete;

    Failure(Exit exit, String code, String message, String owner, String next) {
        this(exit, code, message, owner, next, false);
    }

    private Failure(Exit exit, String code, String message, String owner, String next, boolean complete) {
        super(message, null, false, false);
        this.exit = exit;
        this.code = code;
        this.owner = owner;
        this.next = next;
        this.complete = complete;
    }

    static Failure input(String code, String message, String next) {
        return new Failure(Exit.INPUT, code, message, "you", next);
    }

    static Failure no(String code, String message, String next) {
        return new Failure(Exit.NO, code, message, "you", next);
    }

    static Failure terminal(String code, String message, String next) {
        return new Failure(Exit.TERMINAL, code, message, "you", next);
    }

    static Failure of(NodeException e) {
        Exit exit = switch (e.status()) {
            case 0 -> Exit.NODE;
            case 400 -> Exit.INPUT;
            default -> Exit.NO;
        };
        return new Failure(exit, e.code(), String.valueOf(e.getMessage()), e.owner(), e.next());
    }

    static Failure of(CustodyException e) {
        Exit exit = switch (e.code()) {
            case LOCKED, PIN_LOCKED -> Exit.TERMINAL;
            case DENIED, BUSY, FAILED, TIMEOUT -> Exit.NO;
            default -> Exit.INPUT;
        };
        return new Failure(
                exit, e.code().text(), String.valueOf(e.getMessage()), e.code().owner(), e.next());
    }

    /** A file whose bytes are not what our writer would write. */
    static Failure of(FormatException e, String what) {
        return input(e.code(), what + ": " + e.getMessage(), "");
    }

    Exit exit() {
        return exit;
    }

    String code() {
        return code;
    }

    String next() {
        return next;
    }

    /** What comes next as it can be pasted; what another command said is that already. */
    String next(Next words) {
        return complete ? next : words.complete(next);
    }

    Json.Obj toJson(Next words) {
        return JsonBuilder.object()
                .put("code", code)
                .put("message", String.valueOf(getMessage()))
                .put("owner", owner)
                .put("next", next(words))
                .build();
    }

    /** Reads what a command that was asked for data wrote; empty for a line that is no error. */
    static Optional<Failure> read(String line) {
        try {
            Json error = View.at(CanonicalJson.readLoose(line.getBytes(StandardCharsets.UTF_8)), "error");
            String code = View.text(error, "code");
            return code.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Failure(
                            Exit.INPUT,
                            code,
                            View.text(error, "message"),
                            View.text(error, "owner"),
                            View.text(error, "next"),
                            true));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
