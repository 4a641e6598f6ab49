package dev.jurat.proof.json;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Builds one {@link Json.Obj}. Not thread-safe. */
public final class JsonBuilder {
    private final TreeMap<String, Json> members = new TreeMap<>();

    public static JsonBuilder object() {
        return new JsonBuilder();
    }

    public JsonBuilder put(String name, Json value) {
        if (members.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException("member set twice: " + name);
        }
        return this;
    }

    public JsonBuilder put(String name, String value) {
        return put(name, new Json.Str(value));
    }

    public JsonBuilder put(String name, long value) {
        return put(name, new Json.Int(value));
    }

    public JsonBuilder put(String name, boolean value) {
        return put(name, new Json.Bool(value));
    }

    public JsonBuilder put(String name, Optional<? extends Json> value) {
        value.ifPresent(v -> put(name, v));
        return this;
    }

    public JsonBuilder strings(String name, List<String> values) {
        return put(name, new Json.Arr(values.stream().<Json>map(Json.Str::new).toList()));
    }

    public Json.Obj build() {
        return new Json.Obj(members);
    }
}
