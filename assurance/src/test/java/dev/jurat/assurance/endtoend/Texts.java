package dev.jurat.assurance.endtoend;

import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.file.Path;

/** Arguments as text, and what refusals say. */
public final class Texts {
    private Texts() {}

    /** {@code {"path": …}}. */
    public static String path(Path path) {
        return path(path.toString());
    }

    public static String path(String path) {
        return CanonicalJson.writeString(JsonBuilder.object().put("path", path).build());
    }

    /** {@code {"content": …, "path": …}}. */
    public static String write(String path, String content) {
        return CanonicalJson.writeString(
                JsonBuilder.object().put("path", path).put("content", content).build());
    }

    /** A text as a JSON string. */
    public static String quoted(String text) {
        return CanonicalJson.writeString(Json.of(text));
    }

    /** The code of the wrapper's refusal in a tool result or error, or empty where the answer is the server's own. */
    public static String refusal(StdioClient.Answer answer) {
        return member(answer, "code");
    }

    /** The decision that a refusal names, or empty. */
    public static String decision(StdioClient.Answer answer) {
        return member(answer, "decision");
    }

    private static String member(StdioClient.Answer answer, String name) {
        ForeignJson about = null;
        if (answer.result() instanceof ForeignJson.Obj result
                && result.members().get("_meta") instanceof ForeignJson.Obj meta) {
            about = meta.members().get("dev.jurat/refusal");
        } else if (answer.message().members().get("error") instanceof ForeignJson.Obj error) {
            about = error.members().get("data");
        }
        return about instanceof ForeignJson.Obj o && o.members().get(name) instanceof ForeignJson.Str s
                ? s.value()
                : "";
    }
}
