package dev.jurat.gateway.mcp;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One JSON-RPC message of the exact bytes that came, without its line end.
 *
 * @param id the id as it stands in the bytes; empty in a notification
 * @param params the {@code params} of a request or notification, where there are any
 */
record Message(byte[] bytes, Form form, Optional<MessageId> id, String method, Wire root, Optional<Wire> params) {
    /** A longer cursor continues no listing. */
    private static final int CURSOR_BYTES_MAX = 16 << 10;

    /** What a message is by its members. */
    enum Form {
        REQUEST,
        NOTIFICATION,
        RESULT,
        ERROR
    }

    /** A request without its bytes, to be remembered until it is answered: of {@code params} only a cursor, and no long one. */
    Message slim() {
        Optional<Wire> cursor = param("cursor");
        String kept = cursor.filter(c -> c.size() <= CURSOR_BYTES_MAX)
                .map(Wire::lexeme)
                .orElse("null");
        Wire slim = Wire.dangerouslyParse(
                        (cursor.isPresent() ? "{\"cursor\":" + kept + "}" : "{}").getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        return new Message(new byte[0], form, id, method, slim, Optional.of(slim));
    }

    /** The text of a string in {@code params}, or empty. */
    Optional<String> paramText(String name) {
        return params.flatMap(p -> p.text(name));
    }

    Optional<Wire> param(String name) {
        return params.flatMap(p -> p.member(name));
    }

    Optional<Wire> meta(String name) {
        return param("_meta").flatMap(m -> m.member(name));
    }
}
