package dev.jurat.assurance.harness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A small MCP client over stdio that sends exactly the bytes it is given and keeps every line that comes back. It starts the server's
 * process, and ends it when closed. Requests of the server are answered with "method not found". Thread-safe.
 */
public final class StdioClient implements AutoCloseable {
    private static final Duration END = Duration.ofDays(1);

    private final ManagedProcess process;
    private final AtomicLong nextId = new AtomicLong(1);
    private final Map<String, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final Map<String, CompletableFuture<String>> kept = new ConcurrentHashMap<>();

    private StdioClient(ManagedProcess process) {
        this.process = process;
        Thread.ofPlatform().daemon().start(this::read);
    }

    /**
     * One answer: the whole line, and the parsed message.
     *
     * @param nanos when the line was complete, of {@link System#nanoTime}
     */
    public record Answer(String line, ForeignJson.Obj message, long nanos) {
        /** Whether this is a JSON-RPC error or a tool's own error. */
        public boolean failed() {
            return message.members().containsKey("error")
                    || result() instanceof ForeignJson.Obj r
                            && r.members().get("isError") instanceof ForeignJson.Bool b
                            && b.value();
        }

        public ForeignJson result() {
            ForeignJson result = message.members().get("result");
            return result == null ? new ForeignJson.Null(message.span()) : result;
        }

        /** All text of a tool's result, or the error's message. */
        public String text() {
            var text = new StringBuilder();
            if (message.members().get("error") instanceof ForeignJson.Obj error
                    && error.members().get("message") instanceof ForeignJson.Str s) {
                text.append(s.value());
            }
            if (result() instanceof ForeignJson.Obj result
                    && result.members().get("content") instanceof ForeignJson.Arr content) {
                for (ForeignJson item : content.items()) {
                    if (item instanceof ForeignJson.Obj o && o.members().get("text") instanceof ForeignJson.Str s) {
                        text.append(s.value());
                    }
                }
            }
            return text.toString();
        }
    }

    /** Starts the command that serves MCP on its standard streams; nothing is sent yet. */
    public static StdioClient start(List<String> command, Path folder, Map<String, String> environment)
            throws IOException {
        return new StdioClient(ManagedProcess.start(command, folder, environment));
    }

    private void read() {
        try {
            for (int i = 0; ; i++) {
                byte[] line = process.line(i, END);
                String text = new String(line, StandardCharsets.UTF_8);
                received.add(text);
                dispatch(line, text);
            }
        } catch (IOException e) {
            waiting.values().forEach(w -> w.completeExceptionally(e));
        }
    }

    private void dispatch(byte[] line, String text) throws IOException {
        ForeignJson.Obj message;
        try {
            message = ForeignJson.parseObject(line);
        } catch (FormatException e) {
            return;
        }
        ForeignJson id = message.members().get("id");
        if (id == null) {
            return;
        }
        String key = text(line, id);
        if (message.members().containsKey("method")) {
            CompletableFuture<String> keeper =
                    message.members().get("method") instanceof ForeignJson.Str method ? kept.get(method.value()) : null;
            if (keeper != null) {
                keeper.complete(key);
                return;
            }
            send("{\"jsonrpc\":\"2.0\",\"id\":" + key
                    + ",\"error\":{\"code\":-32601,\"message\":\"this client offers nothing\"}}");
            return;
        }
        CompletableFuture<Answer> waiter = waiting.remove(key);
        if (waiter != null) {
            waiter.complete(new Answer(text, message, System.nanoTime()));
        }
    }

    private static String text(byte[] line, ForeignJson value) {
        return new String(value.span().cut(line), StandardCharsets.UTF_8);
    }

    /** Sends one line as it stands. */
    public void send(String line) throws IOException {
        send(line.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends one line as it stands, adding only its end. */
    public synchronized void send(byte[] line) throws IOException {
        byte[] whole = java.util.Arrays.copyOf(line, line.length + 1);
        whole[line.length] = '\n';
        process.input().write(whole);
        process.input().flush();
    }

    /** Sends a request with these raw bytes of {@code params}, and does not wait. */
    public CompletableFuture<Answer> ask(String method, String params) throws IOException {
        String id = Long.toString(nextId.getAndIncrement());
        var waiter = new CompletableFuture<Answer>();
        waiting.put(id, waiter);
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
        return waiter;
    }

    /** Sends a request and waits for its answer. */
    public Answer request(String method, String params, Duration timeout) throws IOException {
        return await(ask(method, params), timeout);
    }

    /** Waits for an answer; an error that shows the process's last words if none comes. */
    public Answer await(CompletableFuture<Answer> waiter, Duration timeout) throws IOException {
        try {
            return waiter.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("no answer within " + timeout + "; errors of the server: " + process.errors(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Waits until one of these answers is there. */
    public void awaitAny(List<CompletableFuture<Answer>> waiters, Duration timeout) throws IOException {
        try {
            CompletableFuture.anyOf(waiters.toArray(CompletableFuture[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("no answer within " + timeout + "; errors of the server: " + process.errors(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The 2025-11-25 handshake; answers the server's part. */
    public Answer initialize(Duration timeout) throws IOException {
        Answer answer = request(
                "initialize",
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                        + "\"clientInfo\":{\"name\":\"assurance\",\"version\":\"1\"}}",
                timeout);
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return answer;
    }

    /** Calls a tool with these raw bytes of {@code arguments}. */
    public Answer call(String tool, String arguments, Duration timeout) throws IOException {
        return await(callLater(tool, arguments), timeout);
    }

    /** Calls a tool and does not wait. */
    public CompletableFuture<Answer> callLater(String tool, String arguments) throws IOException {
        return ask("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
    }

    /** From now on requests of the server for this method are not answered here; gives the id of the first, as it was written. */
    public CompletableFuture<String> keep(String method) {
        return kept.computeIfAbsent(method, m -> new CompletableFuture<>());
    }

    /** Every line that came, in order. */
    public List<String> received() {
        return List.copyOf(received);
    }

    public ManagedProcess process() {
        return process;
    }

    /** Closes the server's standard input, as a client that leaves does, and waits for the exit status. */
    public int leave(Duration timeout) throws IOException {
        process.input().close();
        return process.exit(timeout);
    }

    @Override
    public void close() {
        process.close();
    }
}
