package dev.jurat.testkit;

import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.List;

/** Tool profiles for tests. */
final class Profiles {
    private Profiles() {}

    /** The profile of a file server: {@code read_text_file}, {@code write_file} and {@code delete_file}. */
    static byte[] files() {
        Json.Obj none = JsonBuilder.object().build();
        return CanonicalJson.write(JsonBuilder.object()
                .put("name", "files@1.0.0")
                .put("roots", none.with("from", Json.of("none")))
                .put(
                        "server",
                        JsonBuilder.object()
                                .put("name", "files")
                                .put("source", "test:files@1.0.0")
                                .put("version", "1.0.0")
                                .build())
                .put(
                        "tools",
                        JsonBuilder.object()
                                .put("delete_file", tool("delete_file", Effect.DESTROY, false))
                                .put("read_text_file", tool("read_text_file", Effect.READ, true))
                                .put("write_file", tool("write_file", Effect.WRITE, true))
                                .build())
                .put("type", "https://jurat.dev/profile/v1")
                .build());
    }

    private static Json.Obj tool(String name, Effect effect, boolean idempotent) {
        Json.Obj path = JsonBuilder.object()
                .put("argument", "path")
                .put("each", false)
                .put("reach", "itself")
                .put("type", "path")
                .build();
        Json.Obj text = JsonBuilder.object().put("type", "string").build();
        Json.Obj arguments = JsonBuilder.object()
                .put(
                        "properties",
                        JsonBuilder.object()
                                .put("content", text)
                                .put("path", text)
                                .build())
                .strings("required", List.of("path"))
                .put("type", "object")
                .build();
        return JsonBuilder.object()
                .put("arguments", arguments)
                .strings(
                        "definitions",
                        List.of(World.digest("definition/" + name).hex()))
                .put("effect", effect.text())
                .put("idempotent", idempotent)
                .put("resources", new Json.Arr(List.of(path)))
                .put("result", "kept")
                .strings("secret", List.of("content"))
                .build();
    }
}
