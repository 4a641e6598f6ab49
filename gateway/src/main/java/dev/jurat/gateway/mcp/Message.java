package dev.jurat.gateway.mcp;

import java.util.Optional;

/**
 * One JSON-RPC message of the exact bytes that came, without its line end.
 *
 * @param id the id as it stands in the bytes; empty in a notification
 * @param params the {@code params} of a request or notification, where there are any
 */
record Message(byte[] bytes, Form form, Optional<MessageId> id, String method, Wire root, Optional<Wire> params) {
    /** What a message is by its members. */
    enum Form {
        REQUEST,
        NOTIFICATION,
        RESULT,
        ERROR
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
