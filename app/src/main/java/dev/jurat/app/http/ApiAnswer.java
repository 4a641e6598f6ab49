package dev.jurat.app.http;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.util.HashMap;
import java.util.Map;

/**
 * An answer to one request: status, media type, bytes, further headers.
 *
 * @param compressible whether a caller who takes gzip may get it so
 */
public record ApiAnswer(int status, String mediaType, byte[] body, boolean compressible, Map<String, String> headers) {
    private static final Map<String, String> NOT_CACHED = Map.of("Cache-Control", "no-store");
    private static final int TAG_DIGITS = 32;

    public ApiAnswer {
        headers = Map.copyOf(headers);
    }

    /** An answer that is sent as it is. */
    public ApiAnswer(int status, String mediaType, byte[] body, Map<String, String> headers) {
        this(status, mediaType, body, false, headers);
    }

    public static ApiAnswer json(int status, Json body) {
        return json(status, body, NOT_CACHED);
    }

    public static ApiAnswer json(int status, Json body, Map<String, String> headers) {
        return new ApiAnswer(status, "application/json", CanonicalJson.write(body), true, headers);
    }

    public static ApiAnswer ok(Json body) {
        return json(200, body);
    }

    public static ApiAnswer bytes(String mediaType, byte[] body) {
        return new ApiAnswer(200, mediaType, body, NOT_CACHED);
    }

    /** The same with an {@code ETag}, by which a caller who has these bytes is told so instead of getting them; never compressed. */
    public ApiAnswer tagged() {
        String tag = "\"" + Hash.of(body).hex().substring(0, TAG_DIGITS) + "\"";
        return new ApiAnswer(status, mediaType, body, false, headers).with(Map.of("ETag", tag));
    }

    /** The same with more headers. */
    ApiAnswer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new ApiAnswer(status, mediaType, body, compressible, all);
    }
}
