package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A small MCP server that writes each call it gets into a file, so that a test can count what really ran. Tools: {@code count},
 * {@code slow} (answers after two seconds), {@code never} (no answer), {@code mute} (closes its output and lives on,
 * whatever becomes of its input), {@code die} (ends the process), {@code big} (an answer of 15 MiB). It does not answer {@code prompts/list}.
 */
final class CountingServer {
    private CountingServer() {}

    public static void main(String[] arguments) throws IOException, FormatException, InterruptedException {
        Path calls = Path.of(arguments[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = in.readLine()) != null) {
            Wire root = Wire.parse(line.getBytes(StandardCharsets.UTF_8));
            Optional<String> id = root.member("id").map(Wire::lexeme);
            String method = root.text("method").orElse("");
            if (id.isEmpty()) {
                continue;
            }
            if (method.equals("tools/call")) {
                Files.writeString(calls, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                call(id.get(), root);
            } else if (!method.equals("prompts/list")) {
                say(id.get(), result(method));
            }
        }
    }

    private static void call(String id, Wire root) throws InterruptedException {
        switch (root.member("params").flatMap(p -> p.text("name")).orElse("")) {
            case "slow" -> Thread.sleep(2000);
            case "never" -> {
                return;
            }
            case "mute" -> {
                System.out.close();
                Thread.sleep(60_000);
            }
            case "die" -> System.exit(3);
            case "big" -> {
                say(id, "{\"content\":[{\"type\":\"text\",\"text\":\"" + "x".repeat(15 << 20) + "\"}]}");
                return;
            }
            default -> {}
        }
        say(id, "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}");
    }

    private static String result(String method) {
        return switch (method) {
            case "initialize" ->
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"counting\",\"version\":\"1\"}}";
            case "tools/list" ->
                "{\"tools\":[" + tool("count") + "," + tool("slow") + "," + tool("never") + "," + tool("mute") + ","
                        + tool("die") + "," + tool("big") + "]}";
            default -> "{\"contents\":[],\"messages\":[]}";
        };
    }

    private static String tool(String name) {
        return "{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\"}}";
    }

    private static synchronized void say(String id, String result) {
        System.out.println("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
        System.out.flush();
    }
}
