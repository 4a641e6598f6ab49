package dev.jurat.sdk;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A log's address on the web or on this machine. No redirection is followed. Thread-safe. */
final class WebDoor implements LogDoor {
    private final String prefix;
    private final Duration answer;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    WebDoor(URI prefix, Duration answer) {
        this.prefix = prefix.toString().replaceFirst("/+$", "") + "/";
        this.answer = answer;
    }

    @Override
    public String place() {
        return prefix;
    }

    @Override
    public Optional<byte[]> get(String path, int bytesMax) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(prefix + path))
                .timeout(answer)
                .build();
        BodyHandler<byte[]> limited = BodyHandlers.limiting(BodyHandlers.ofByteArray(), bytesMax);
        CompletableFuture<HttpResponse<byte[]>> coming = http.sendAsync(request, limited);
        try {
            HttpResponse<byte[]> got = coming.get(answer.toMillis(), TimeUnit.MILLISECONDS);
            return switch (got.statusCode()) {
                case 200 -> Optional.of(got.body());
                case 404, 410 -> Optional.empty();
                default -> throw new IOException(prefix + path + " answers with status " + got.statusCode());
            };
        } catch (TimeoutException e) {
            throw new IOException(prefix + path + " does not answer in " + answer.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(prefix + path + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            coming.cancel(true);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
