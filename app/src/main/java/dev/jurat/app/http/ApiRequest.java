package dev.jurat.app.http;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import java.util.Map;
import java.util.Optional;

/**
 * One request as a route sees it: the values of the path's variables, the query, the whole body, and who the kernel says is calling.
 *
 * @param peer the user at the other end of the Unix socket; the empty string on TCP
 * @param principal whom that user is bound to, where the route asked that; empty where whoever is let in may do everything
 */
public record ApiRequest(
        Map<String, String> path,
        Map<String, String> query,
        String mediaType,
        byte[] body,
        String peer,
        Optional<String> principal) {
    public ApiRequest {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
    }

    /** The same by a principal. */
    public ApiRequest by(String caller) {
        return new ApiRequest(path, query, mediaType, body, peer, Optional.of(caller));
    }

    /** The value of a variable of the route's path. */
    public String variable(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no variable " + name);
        }
        return value;
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** The body as a closed JSON object. */
    public Fields json() throws ApiException {
        if (!mediaType.equals("application/json")) {
            throw new ApiException(
                    415, "media-type", "the body must be application/json", Owner.YOU, "set Content-Type");
        }
        try {
            return Fields.of(CanonicalJson.readLoose(body), "body");
        } catch (FormatException e) {
            throw ApiException.malformed(e.code(), String.valueOf(e.getMessage()));
        }
    }

    /** The body as a form (RFC 6749 appendix B); a parameter given twice is refused. */
    public Map<String, String> form() throws ApiException {
        if (!mediaType.equals("application/x-www-form-urlencoded")) {
            throw new ApiException(
                    415,
                    "media-type",
                    "the body must be application/x-www-form-urlencoded",
                    Owner.YOU,
                    "set Content-Type");
        }
        return Form.parse(new String(body, java.nio.charset.StandardCharsets.ISO_8859_1));
    }
}
