package dev.jurat.app.http;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.util.HashMap;
import java.util.Map;

/** An answer to one request: status, media type, bytes, further headers. */
public record ApiAnswer(int status, String mediaType, byte[] body, Map<String, String> headers) {
    private static final Map<String, String> NOT_CACHED = Map.of("Cache-Control", "no-store");

    public ApiAnswer {
        headers = Map.copyOf(headers);
    }

    public static ApiAnswer json(int status, Json body) {
        return new ApiAnswer(status, "application/json", CanonicalJson.write(body), NOT_CACHED);
    }

    public static ApiAnswer ok(Json body) {
        return json(200, body);
    }

    public static ApiAnswer bytes(String mediaType, byte[] body) {
        return new ApiAnswer(200, mediaType, body, NOT_CACHED);
    }

    /** The same with more headers. */
    ApiAnswer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new ApiAnswer(status, mediaType, body, all);
    }
}
