package dev.jurat.app.http;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Map;

/**
 * A request that is answered with an error: HTTP status, stable code, sentence, owner, and what to do next.
 *
 * <p>Codes are listed in {@code openapi.yaml}. The sentence holds nothing that the caller did not send or may not know.
 */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final Owner owner;
    private final String next;
    /** Immutable. */
    @SuppressWarnings("serial")
    private final Map<String, String> headers;

    public ApiException(int status, String code, String message, Owner owner, String next) {
        this(status, code, message, owner, next, Map.of());
    }

    /** The same with headers of its answer. */
    public ApiException(
            int status, String code, String message, Owner owner, String next, Map<String, String> headers) {
        super(message, null, false, false);
        this.headers = Map.copyOf(headers);
        this.status = status;
        this.code = code;
        this.owner = owner;
        this.next = next;
    }

    /** The caller sent something that no client of ours would send. */
    public static ApiException malformed(String code, String message) {
        return new ApiException(400, code, message, Owner.YOU, "correct the request; it was not processed");
    }

    public static ApiException notFound(String what) {
        return new ApiException(404, "not-found", what + " is not here", Owner.YOU, "check the id: jurat search");
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public ApiAnswer answer() {
        return ApiAnswer.json(status, toJson()).with(headers);
    }

    /** The error as an object: code, message, owner, next. */
    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("code", code)
                .put("message", String.valueOf(getMessage()))
                .put("owner", owner.word())
                .put("next", next)
                .build();
    }
}
