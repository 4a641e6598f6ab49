package dev.jurat.custody.kms;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A key service on this machine that answers what a test has it answer, and keeps what it was asked. */
final class LyingService implements AutoCloseable {
    /** What it does with a question; the name of the action is what stands behind the dot of the target. */
    @FunctionalInterface
    interface Answering {
        void answer(String action, byte[] question, HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    final List<String> asked = new CopyOnWriteArrayList<>();

    LyingService(Answering answering) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            String target = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-target"));
            String action = target.substring(target.indexOf('.') + 1);
            asked.add(action);
            byte[] question = exchange.getRequestBody().readAllBytes();
            try (exchange) {
                answering.answer(action, question, exchange);
            }
        });
        server.start();
    }

    static LyingService saying(Map<String, String> answers) {
        return new LyingService((action, question, exchange) -> say(exchange, 200, answers.getOrDefault(action, "{}")));
    }

    static void say(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Passes a question on as it came, and the answer back; the answer's text. */
    static String pass(HttpExchange exchange, byte[] question, URI to) throws IOException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(to).POST(HttpRequest.BodyPublishers.ofByteArray(question));
            for (String name : List.of("authorization", "content-type", "x-amz-date", "x-amz-target")) {
                request.header(name, exchange.getRequestHeaders().getFirst(name));
            }
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            say(exchange, answer.statusCode(), answer.body());
            return answer.body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    AwsKmsConfig config() {
        return new AwsKmsConfig("eu-central-1", address(), Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
