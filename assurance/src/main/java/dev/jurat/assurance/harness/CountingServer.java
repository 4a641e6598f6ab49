package dev.jurat.assurance.harness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.crypto.Hash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An MCP server over stdio (2025-11-25) that nobody has a profile for. It appends one line to a file for everything that it runs, before
 * it answers: what stands there did happen, and what does not stand there did not.
 *
 * <p>Arguments: the counter file. A file beside it, {@code .says} at its end, has other words for what
 * {@code count} does. Tools: {@code count} {"word"}, {@code slow} {"millis"}, {@code fail} {}, {@code sees}
 * {"variable"}, which answers what {@link #seen} gives for that variable's value here. One resource
 * {@code count://all}, one prompt {@code greet}.
 */
public final class CountingServer {
    private static final String TOOL =
            "{\"name\":\"%s\",\"description\":\"%s\",\"inputSchema\":{\"type\":\"object\",\"properties\":{%s}}}";

    private final Path counter;
    private final String counts;
    private final PrintStream out =
            new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8);

    private CountingServer(Path counter, String counts) {
        this.counter = counter;
        this.counts = counts;
    }

    public static void main(String[] args) throws IOException {
        Path counter = Path.of(args[0]);
        Path says = says(counter);
        new CountingServer(counter, Files.exists(says) ? Files.readString(says) : "Counts a word").serve();
    }

    /** The command line that serves MCP and counts in this file. */
    public static List<String> command(Path counter) {
        return Programs.own(CountingServer.class, List.of(counter.toString()));
    }

    /** The file that has other words for what {@code count} does, for servers that start from then on. */
    public static Path says(Path counter) {
        return counter.resolveSibling(counter.getFileName() + ".says");
    }

    /** What ran so far: one entry a call. */
    public static List<String> ran(Path counter) throws IOException {
        return Files.exists(counter) ? Files.readAllLines(counter) : List.of();
    }

    /** How {@code sees} tells a value without having it in any record; "unset" for none. */
    public static String seen(String value) {
        return value.isEmpty()
                ? "unset"
                : Hash.of(value.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private void serve() throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            try {
                ForeignJson.Obj message = ForeignJson.parseObject(bytes);
                ForeignJson id = message.members().get("id");
                if (id != null && message.members().get("method") instanceof ForeignJson.Str method) {
                    String key = new String(id.span().cut(bytes), StandardCharsets.UTF_8);
                    out.print("{\"jsonrpc\":\"2.0\",\"id\":" + key + "," + answer(method.value(), message) + "}\n");
                    out.flush();
                }
            } catch (FormatException e) {
                out.print(
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"parse error\"}}\n");
                out.flush();
            }
        }
    }

    private String answer(String method, ForeignJson.Obj message) throws IOException {
        ForeignJson.Obj params = message.members().get("params") instanceof ForeignJson.Obj p
                ? p
                : new ForeignJson.Obj(message.span(), java.util.Map.of());
        return switch (method) {
            case "initialize" ->
                "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{},\"resources\":{},\"prompts\":{}},"
                        + "\"serverInfo\":{\"name\":\"counting-server\",\"version\":\"1\"}}";
            case "ping" -> "\"result\":{}";
            case "tools/list" ->
                "\"result\":{\"tools\":["
                        + TOOL.formatted("count", counts, "\"word\":{\"type\":\"string\"}") + ","
                        + TOOL.formatted("slow", "Takes its time", "\"millis\":{\"type\":\"integer\"}") + ","
                        + TOOL.formatted("fail", "Fails", "") + ","
                        + TOOL.formatted("sees", "Tells a variable", "\"variable\":{\"type\":\"string\"}") + "]}";
            case "resources/list" -> "\"result\":{\"resources\":[{\"uri\":\"count://all\",\"name\":\"all\"}]}";
            case "prompts/list" -> "\"result\":{\"prompts\":[{\"name\":\"greet\"}]}";
            case "tools/call" -> call(text(params, "name"), params);
            case "resources/read" -> {
                note("resources/read " + text(params, "uri"));
                yield "\"result\":{\"contents\":[{\"uri\":\"" + text(params, "uri") + "\",\"text\":\"all\"}]}";
            }
            case "prompts/get" -> {
                note("prompts/get " + text(params, "name"));
                yield "\"result\":{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"hello\"}}]}";
            }
            default -> "\"error\":{\"code\":-32601,\"message\":\"unknown method\"}";
        };
    }

    private String call(String tool, ForeignJson.Obj params) throws IOException {
        ForeignJson.Obj arguments = params.members().get("arguments") instanceof ForeignJson.Obj a
                ? a
                : new ForeignJson.Obj(params.span(), java.util.Map.of());
        switch (tool) {
            case "count" -> {
                note("count " + text(arguments, "word"));
                return content("counted", false);
            }
            case "slow" -> {
                long millis =
                        arguments.members().get("millis") instanceof ForeignJson.Num n ? Long.parseLong(n.lexeme()) : 0;
                note("slow " + millis);
                LockSupport.parkNanos(millis * 1_000_000);
                return content("done", false);
            }
            case "fail" -> {
                note("fail");
                return content("it failed", true);
            }
            case "sees" -> {
                note("sees " + text(arguments, "variable"));
                return content(seen(System.getenv().getOrDefault(text(arguments, "variable"), "")), false);
            }
            default -> {
                return "\"error\":{\"code\":-32602,\"message\":\"no such tool\"}";
            }
        }
    }

    private static String content(String text, boolean error) {
        return "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}],\"isError\":" + error + "}";
    }

    private static String text(ForeignJson.Obj object, String name) {
        return object.members().get(name) instanceof ForeignJson.Str s ? s.value() : "";
    }

    private void note(String what) throws IOException {
        Files.writeString(
                counter, what.replace('\n', ' ') + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
