package dev.jurat.gateway.mcp;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The messages that the wrapper itself writes: {@code docs/spec/mcp.md} §6. Ids and tokens are repeated as they stood. */
final class Answers {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int UNSUPPORTED_VERSION = -32022;
    /** A governed message that is not a tool call was not let through, or the server ended before it answered. */
    static final int NOT_PERMITTED = -32053;

    private Answers() {}

    /** A refused call as the client takes it: a tool result that is an error, or a JSON-RPC error for other methods. */
    static byte[] refusal(GovernedCall call, Guard.Refusal refusal) {
        return refusal(call, refusal, "Jurat did not let this call through");
    }

    /** The same for a call that was sent, so that nobody takes it for one that was not. */
    static byte[] noAnswer(GovernedCall call, Guard.Refusal refusal) {
        return refusal(call, refusal, "Jurat let this call through and has no answer to pass on");
    }

    private static byte[] refusal(GovernedCall call, Guard.Refusal refusal, String what) {
        Json.Obj about = about(refusal);
        String text = what + " (" + refusal.code() + "): " + refusal.text()
                + (refusal.next().isEmpty() ? "" : " What would help: " + refusal.next());
        if (!call.isTool()) {
            return error(call.message().id(), NOT_PERMITTED, text, about);
        }
        JsonBuilder result = JsonBuilder.object()
                .put(
                        "_meta",
                        JsonBuilder.object().put("dev.jurat/refusal", about).build())
                .put(
                        "content",
                        new Json.Arr(List.of(JsonBuilder.object()
                                .put("text", text)
                                .put("type", "text")
                                .build())))
                .put("isError", true);
        if (call.revision().stateless()) {
            result.put("resultType", "complete");
        }
        return line(
                "\"result\":" + CanonicalJson.writeString(result.build()),
                call.message().id());
    }

    /** The answer to a request that is not governed, in place of the server's. */
    static byte[] unanswered(Message request, Guard.Refusal refusal) {
        return error(request.id(), NOT_PERMITTED, "Jurat: " + refusal.text(), about(refusal));
    }

    private static Json.Obj about(Guard.Refusal refusal) {
        return JsonBuilder.object()
                .put("code", refusal.code())
                .put("decision", refusal.decision().map(Json.Str::new))
                .put("next", refusal.next())
                .build();
    }

    /** The answer to a message that the table refused. */
    static byte[] refused(Verdict.Refused refused) {
        return refused(refused, refused.id());
    }

    /** The answer to a request whose own answer the table refused. */
    static byte[] refused(Verdict.Refused refused, Optional<MessageId> id) {
        JsonBuilder about = JsonBuilder.object().put("code", refused.code());
        if (refused.code().equals("revision-unknown")) {
            about.strings("supported", Revision.names());
            about.put(
                    "requested",
                    refused.message()
                            .flatMap(m -> m.meta("io.modelcontextprotocol/protocolVersion"))
                            .map(w -> Json.of(w.text().orElse(""))));
        }
        return error(id, number(refused.code()), "Jurat: " + refused.detail(), about.build());
    }

    private static int number(String code) {
        if (code.startsWith("json-")) {
            return PARSE_ERROR;
        }
        return switch (code) {
            case "method-unknown", "method-revision", "method-refused", "roots-undeclared" -> METHOD_NOT_FOUND;
            case "params-key-unknown", "params-form", "input-refused" -> INVALID_PARAMS;
            case "revision-unknown" -> UNSUPPORTED_VERSION;
            default -> INVALID_REQUEST;
        };
    }

    static byte[] error(Optional<MessageId> id, int code, String text, Json.Obj data) {
        Json.Obj error = JsonBuilder.object()
                .put("code", code)
                .put("data", data)
                .put("message", text)
                .build();
        return line("\"error\":" + CanonicalJson.writeString(error), id);
    }

    /** A sign of life for a call that waits. */
    static byte[] progress(String token, int count, Optional<String> text) {
        String message = text.map(t -> ",\"message\":" + CanonicalJson.writeString(Json.of(t)))
                .orElse("");
        return ("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + token
                        + ",\"progress\":" + count + message + "}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] line(String member, Optional<MessageId> id) {
        String lexeme = id.map(MessageId::lexeme).orElse("null");
        return ("{\"jsonrpc\":\"2.0\",\"id\":" + lexeme + "," + member + "}").getBytes(StandardCharsets.UTF_8);
    }
}
