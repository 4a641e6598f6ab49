package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import java.nio.charset.StandardCharsets;

/**
 * The body of a {@code configuration}: why, and how the node is set up.
 *
 * @param reason the person's own words; may be empty
 * @param settings as the node states them; which there are is not of the format
 */
public record ConfigurationDetails(String reason, Json.Obj settings) implements Details {
    public static ConfigurationDetails read(Body body) throws FormatException {
        Fields in = Details.fields(body);
        ConfigurationDetails details = new ConfigurationDetails(in.string("reason"), in.rawObject("settings"));
        in.end();
        return details;
    }

    @Override
    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("reason", reason)
                .put("settings", settings)
                .build();
    }

    /** As {@link #digestOf} has it. */
    public Hash digest() {
        return digestOf(settings);
    }

    /** SHA-256 of {@code jurat/configuration/v1}, a zero byte, and the canonical settings. */
    public static Hash digestOf(Json.Obj settings) {
        return Hash.of("jurat/configuration/v1\0".getBytes(StandardCharsets.US_ASCII), CanonicalJson.write(settings));
    }
}
