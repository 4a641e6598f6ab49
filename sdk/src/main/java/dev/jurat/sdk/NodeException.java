package dev.jurat.sdk;

import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.util.Optional;

/**
 * The node did not do what was asked: it refused, or it could not be reached, or it did not answer in time.
 *
 * <p>Carries a stable code, whose turn it is ({@code you}, {@code operator} or {@code jurat}) and what comes next. When
 * {@link #settled()} is false the request may have been carried out although no answer came: only the very same signed bytes may be
 * sent again.
 */
public final class NodeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String owner;
    private final String next;
    private final int status;
    private final boolean settled;
    private final transient Optional<Json.Obj> answer;

    private NodeException(
            String code,
            String message,
            String owner,
            String next,
            int status,
            boolean settled,
            Optional<Json.Obj> answer) {
        super(message);
        this.code = code;
        this.owner = owner;
        this.next = next;
        this.status = status;
        this.settled = settled;
        this.answer = answer;
    }

    /** Nothing was sent: no socket, nobody listening, or the connection broke before the request left. */
    public static NodeException unreachable(String why) {
        return new NodeException(
                "node-unreachable", why, "operator", "start the node: jurat up", 0, true, Optional.empty());
    }

    /** The request left, and no whole answer came within the deadline. */
    public static NodeException noAnswer(String why) {
        return new NodeException(
                "node-no-answer", why, "operator", "look at the node: jurat doctor", 0, false, Optional.empty());
    }

    /** The bytes that came back are not an answer that this client understands. */
    public static NodeException malformed(String why) {
        return new NodeException(
                "node-answer-malformed", why, "jurat", "look at the node: jurat doctor", 0, false, Optional.empty());
    }

    /** The node answered with an error. */
    public static NodeException refused(int status, Json.Obj answer) {
        Fields fields = Fields.of(answer, "error");
        return new NodeException(
                text(fields, "code", text(fields, "error", "http-" + status)),
                text(fields, "message", text(fields, "error_description", "the node answered " + status)),
                text(fields, "owner", "operator"),
                text(fields, "next", "jurat doctor"),
                status,
                status < 500,
                Optional.of(answer));
    }

    /** The same with other words, of whoever knows what was asked. */
    public NodeException told(String message, String next) {
        return new NodeException(code, message, owner, next, status, settled, answer);
    }

    private static String text(Fields fields, String name, String otherwise) {
        try {
            return fields.optionalString(name).orElse(otherwise);
        } catch (dev.jurat.proof.FormatException e) {
            return otherwise;
        }
    }

    /** The stable code: lower-case words joined by hyphens. */
    public String code() {
        return code;
    }

    /** Whose turn it is: {@code you}, {@code operator} or {@code jurat}. */
    public String owner() {
        return owner;
    }

    /** What to do next, as a sentence or a command. */
    public String next() {
        return next;
    }

    /** The HTTP status, or 0 if there was no answer. */
    public int status() {
        return status;
    }

    /** Whether the node said no to this request, and will say so again: not that it has no time, or took too long. */
    public boolean isRefusal() {
        return status >= 400 && status < 500 && status != 408 && status != 429;
    }

    /** Whether it is certain that nothing was carried out. */
    public boolean settled() {
        return settled;
    }

    /** The error object that the node sent, if it sent one. */
    public Optional<Json.Obj> answer() {
        return answer;
    }
}
