package dev.jurat.ledger.witness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to witnesses over HTTP/1.1. Believes nothing: an answer has a limit of bytes, and of time from the connection to its last
 * byte; no redirection is followed. Thread-safe.
 */
final class WitnessDoor implements AutoCloseable {
    /** Room for a line of each key that a witness may have, ML-DSA's of three kilobytes too. */
    private static final int BODY_BYTES_MAX = 32 << 10;

    private static final int WAIT_DIGITS_MAX = 9;
    private static final long WAIT_SECONDS_MAX = 999_999_999;

    private final HttpClient http;
    private final long answerMillisMax;

    /**
     * What came back.
     *
     * @param mediaType in lower case, without parameters; empty if none is named
     * @param retryAfterSeconds how long it asks to be left alone, if it says so as a number
     */
    record Reply(int status, String mediaType, OptionalLong retryAfterSeconds, byte[] body) {}

    WitnessDoor(long answerMillisMax) {
        this.answerMillisMax = answerMillisMax;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofMillis(answerMillisMax))
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** Sends a request and returns the whole answer; an {@link IOException} says in words why there is none. */
    Reply post(URI address, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofMillis(answerMillisMax))
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        BodyHandler<byte[]> limited = BodyHandlers.limiting(BodyHandlers.ofByteArray(), BODY_BYTES_MAX);
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, limited);
        try {
            return reply(answer.get(answerMillisMax, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + answerMillisMax + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String what = cause.getMessage();
            throw new IOException(what == null ? cause.getClass().getSimpleName() : what, e);
        } finally {
            answer.cancel(true);
        }
    }

    private static Reply reply(HttpResponse<byte[]> got) {
        String type = got.headers().firstValue("Content-Type").orElse("");
        String media = type.replaceFirst(";.*$", "").strip().toLowerCase(Locale.ROOT);
        String wait = got.headers().firstValue("Retry-After").orElse("");
        return new Reply(got.statusCode(), media, seconds(wait), got.body());
    }

    /** A number of more digits than any wait that is granted has is the largest of fewer. */
    private static OptionalLong seconds(String wait) {
        if (!wait.matches("[0-9]+")) {
            return OptionalLong.empty();
        }
        String digits = wait.replaceFirst("^0+(?=[0-9])", "");
        return OptionalLong.of(digits.length() > WAIT_DIGITS_MAX ? WAIT_SECONDS_MAX : Long.parseLong(digits));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
