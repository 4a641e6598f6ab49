package dev.jurat.app.demo;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The agent's side: a small MCP client on the standard streams of a wrapped server. Knows nothing of Jurat. */
final class McpSession implements AutoCloseable {
    private static final long SECONDS_MAX = 60;

    private final Process process;
    private final OutputStream out;
    private final Map<Long, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
    private long nextId = 1;

    McpSession(Process process) throws IOException, InterruptedException {
        this.process = process;
        this.out = process.getOutputStream();
        Thread.ofVirtual().start(this::read);
        await(request(
                "initialize",
                JsonBuilder.object()
                        .put("capabilities", JsonBuilder.object().build())
                        .put(
                                "clientInfo",
                                JsonBuilder.object()
                                        .put("name", "jurat-demo-agent")
                                        .put("version", "1")
                                        .build())
                        .put("protocolVersion", "2025-11-25")
                        .build()));
        send(JsonBuilder.object()
                .put("jsonrpc", "2.0")
                .put("method", "notifications/initialized")
                .build());
    }

    /** What the model sees of a tool's answer. */
    record Answer(boolean error, String text) {}

    Answer call(String tool, Json.Obj arguments) throws IOException, InterruptedException {
        return await(start(tool, arguments));
    }

    /** Sends a call without waiting for its answer. */
    CompletableFuture<String> start(String tool, Json.Obj arguments) throws IOException {
        return request(
                "tools/call",
                JsonBuilder.object()
                        .put("arguments", arguments)
                        .put("name", tool)
                        .build());
    }

    Answer await(CompletableFuture<String> answer) throws IOException, InterruptedException {
        try {
            return read(answer.get(SECONDS_MAX, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no answer from the wrapped server: " + e, e);
        } catch (FormatException e) {
            throw new IOException("an answer that is not JSON", e);
        }
    }

    private static Answer read(String line) throws FormatException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        ForeignJson answer = ForeignJson.parseObject(bytes);
        Optional<ForeignJson> result = member(answer, "result");
        boolean error = result.isEmpty()
                || member(result.get(), "isError")
                        .filter(e -> e instanceof ForeignJson.Bool b && b.value())
                        .isPresent();
        StringBuilder text = new StringBuilder();
        collect(result.orElse(answer), text);
        return new Answer(error, text.toString());
    }

    private static Optional<ForeignJson> member(ForeignJson value, String name) {
        return value instanceof ForeignJson.Obj o
                ? Optional.ofNullable(o.members().get(name))
                : Optional.empty();
    }

    /** Every text in an answer, one after another. */
    private static void collect(ForeignJson value, StringBuilder text) {
        switch (value) {
            case ForeignJson.Obj o ->
                o.members().forEach((name, v) -> {
                    if (List.of("text", "message").contains(name) && v instanceof ForeignJson.Str s) {
                        text.append(s.value()).append(' ');
                    } else if (!name.equals("structuredContent")) {
                        collect(v, text);
                    }
                });
            case ForeignJson.Arr a -> a.items().forEach(v -> collect(v, text));
            default -> {
                // Numbers and words that are not an answer's text.
            }
        }
    }

    private CompletableFuture<String> request(String method, Json.Obj params) throws IOException {
        long id = nextId++;
        CompletableFuture<String> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        send(JsonBuilder.object()
                .put("id", id)
                .put("jsonrpc", "2.0")
                .put("method", method)
                .put("params", params)
                .build());
        return answer;
    }

    private synchronized void send(Json.Obj message) throws IOException {
        out.write((CanonicalJson.writeString(message) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                take(line);
            }
        } catch (IOException e) {
            waiting.values().forEach(w -> w.completeExceptionally(e));
            return;
        }
        waiting.values().forEach(w -> w.completeExceptionally(new IOException("the wrapped server ended")));
    }

    private void take(String line) {
        try {
            ForeignJson message = ForeignJson.parseObject(line.getBytes(StandardCharsets.UTF_8));
            if (member(message, "id").orElse(null) instanceof ForeignJson.Num id) {
                CompletableFuture<String> answer = waiting.remove(Long.parseLong(id.lexeme()));
                if (answer != null) {
                    answer.complete(line);
                }
            }
        } catch (FormatException e) {
            waiting.values().forEach(w -> w.completeExceptionally(e));
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
