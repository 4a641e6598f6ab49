package dev.jurat.app.demo;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A small MCP file server on standard streams, for machines without npm: reads and writes text files below one folder.
 *
 * <p>Speaks revision 2025-11-25. Knows nothing of Jurat, and keeps to its folder by itself as well.
 */
public final class BundledFileServer {
    /** The name under which {@link #profile} maps its tools. */
    static final String PROFILE = "bundled-files@1";

    private final Path root;

    private BundledFileServer(Path root) {
        this.root = root;
    }

    /** Serves the folder that is the one argument until the input ends. */
    public static void main(String[] arguments) throws IOException {
        BundledFileServer server = new BundledFileServer(Path.of(arguments[0]).toRealPath());
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            server.answer(line).ifPresent(answer -> out.println(CanonicalJson.writeString(answer)));
        }
    }

    private Optional<Json.Obj> answer(String line) {
        try {
            ForeignJson message = ForeignJson.parseObject(line.getBytes(StandardCharsets.UTF_8));
            Map<String, ForeignJson> members = members(message);
            Optional<Json> id = id(members.get("id"));
            if (id.isEmpty()) {
                return Optional.empty();
            }
            JsonBuilder answer = JsonBuilder.object().put("id", id.get()).put("jsonrpc", "2.0");
            return Optional.of(result(text(members, "method"), members(members.get("params")))
                    .map(result -> answer.put("result", result))
                    .orElseGet(() -> answer.put("error", error()))
                    .build());
        } catch (FormatException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A request's id, which is a number or a string; a notification has none. */
    private static Optional<Json> id(@Nullable ForeignJson id) {
        return switch (id) {
            case ForeignJson.Num number -> Optional.of(Json.of(Long.parseLong(number.lexeme())));
            case ForeignJson.Str text -> Optional.of(Json.of(text.value()));
            case null, default -> Optional.empty();
        };
    }

    private Optional<Json.Obj> result(String method, Map<String, ForeignJson> params) {
        return switch (method) {
            case "initialize" ->
                Optional.of(JsonBuilder.object()
                        .put(
                                "capabilities",
                                JsonBuilder.object()
                                        .put("tools", JsonBuilder.object().build())
                                        .build())
                        .put("protocolVersion", "2025-11-25")
                        .put(
                                "serverInfo",
                                JsonBuilder.object()
                                        .put("name", "jurat-bundled-files")
                                        .put("version", "1")
                                        .build())
                        .build());
            case "ping" -> Optional.of(JsonBuilder.object().build());
            case "tools/list" ->
                Optional.of(JsonBuilder.object()
                        .put("tools", new Json.Arr(List.copyOf(tools().values())))
                        .build());
            case "tools/call" -> Optional.of(call(text(params, "name"), members(params.get("arguments"))));
            default -> Optional.empty();
        };
    }

    private static Json.Obj error() {
        return JsonBuilder.object()
                .put("code", -32601)
                .put("message", "no such method")
                .build();
    }

    private Json.Obj call(String tool, Map<String, ForeignJson> arguments) {
        try {
            Path file = root.resolve(text(arguments, "path")).normalize();
            if (!file.startsWith(root)) {
                return content("outside the folder", true);
            }
            return switch (tool) {
                case "read_text_file" -> content(Files.readString(file), false);
                case "write_file" -> {
                    Files.writeString(file, text(arguments, "content"));
                    yield content("written: " + file, false);
                }
                default -> content("no such tool", true);
            };
        } catch (IOException e) {
            return content("cannot: " + e.getMessage(), true);
        }
    }

    private static Json.Obj content(String text, boolean error) {
        Json.Obj item =
                JsonBuilder.object().put("text", text).put("type", "text").build();
        return JsonBuilder.object()
                .put("content", new Json.Arr(List.of(item)))
                .put("isError", error)
                .build();
    }

    private static Map<String, ForeignJson> members(@Nullable ForeignJson value) {
        return value instanceof ForeignJson.Obj o ? o.members() : Map.of();
    }

    private static String text(Map<String, ForeignJson> members, String name) {
        return members.get(name) instanceof ForeignJson.Str s ? s.value() : "";
    }

    /** The tools as the server lists them, by name. */
    private static Map<String, Json.Obj> tools() {
        Map<String, Json.Obj> tools = new LinkedHashMap<>();
        tools.put("read_text_file", tool("read_text_file", "Reads a text file.", List.of("path")));
        tools.put("write_file", tool("write_file", "Makes or replaces a text file.", List.of("path", "content")));
        return tools;
    }

    private static Json.Obj tool(String name, String description, List<String> parameters) {
        return JsonBuilder.object()
                .put("description", description)
                .put("inputSchema", schema(parameters))
                .put("name", name)
                .build();
    }

    private static Json.Obj schema(List<String> parameters) {
        JsonBuilder properties = JsonBuilder.object();
        parameters.forEach(p ->
                properties.put(p, JsonBuilder.object().put("type", "string").build()));
        return JsonBuilder.object()
                .put("properties", properties.build())
                .strings("required", parameters)
                .put("type", "object")
                .build();
    }

    /** The profile that says what these tools do, for an administrator to publish. */
    static byte[] profile() {
        JsonBuilder mapped = JsonBuilder.object();
        mapped.put("read_text_file", mapping("read_text_file", "read", List.of("path")));
        mapped.put("write_file", mapping("write_file", "write", List.of("path", "content")));
        Json.Obj roots = JsonBuilder.object()
                .strings("endings", List.of())
                .put("from", "after-launch")
                .strings("words", List.of(BundledFileServer.class.getName()))
                .build();
        Json.Obj server = JsonBuilder.object()
                .put("name", "jurat-bundled-files")
                .put("source", "jurat:demo")
                .put("version", "1")
                .build();
        return CanonicalJson.write(JsonBuilder.object()
                .put("name", PROFILE)
                .put("roots", roots)
                .put("server", server)
                .put("tools", mapped.build())
                .put("type", "https://jurat.dev/profile/v1")
                .build());
    }

    private static Json.Obj mapping(String name, String effect, List<String> parameters) {
        Json.Obj definition = Objects.requireNonNull(tools().get(name));
        Json.Obj resource = JsonBuilder.object()
                .put("argument", "path")
                .put("each", false)
                .put("reach", "itself")
                .put("type", "path")
                .build();
        return JsonBuilder.object()
                .put("arguments", schema(parameters))
                .strings(
                        "definitions",
                        List.of(Hash.of(CanonicalJson.write(definition)).hex()))
                .put("effect", effect)
                .put("idempotent", true)
                .put("resources", new Json.Arr(List.of(resource)))
                .put("result", "digest")
                .strings("secret", List.of())
                .build();
    }
}
