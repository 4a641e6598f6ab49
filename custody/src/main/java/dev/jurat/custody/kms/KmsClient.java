package dev.jurat.custody.kms;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Asks the key service one thing at a time, each question signed. Thread-safe. */
final class KmsClient implements AutoCloseable {
    private static final int OK = 200;
    private static final int ANSWER_BYTES_MAX = 256 << 10;
    private static final String TYPE = "application/x-amz-json-1.1";

    private final AwsKmsConfig config;
    private final Supplier<AwsCredentials> credentials;
    private final HttpClient http;

    KmsClient(AwsKmsConfig config, Supplier<AwsCredentials> credentials) {
        this.config = config;
        this.credentials = credentials;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(config.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The answer to an action such as {@code Sign}; a refusal is a {@link CustodyException}. */
    ForeignJson.Obj ask(String action, Json.Obj question) {
        HttpResponse<byte[]> answer = send(request(action, CanonicalJson.write(question)));
        ForeignJson.Obj read = read(answer);
        if (answer.statusCode() != OK) {
            throw KmsRefusal.of(action, answer.statusCode(), read);
        }
        return read;
    }

    /** The same of an action that answers with nothing but that it was done. */
    void tell(String action, Json.Obj question) {
        HttpResponse<byte[]> answer = send(request(action, CanonicalJson.write(question)));
        if (answer.statusCode() != OK) {
            throw KmsRefusal.of(action, answer.statusCode(), read(answer));
        }
    }

    private static ForeignJson.Obj read(HttpResponse<byte[]> answer) {
        try {
            return ForeignJson.parseObject(answer.body());
        } catch (FormatException e) {
            throw CustodyException.of(
                    CustodyCode.DAMAGED,
                    "the key service answered " + answer.statusCode() + " and no JSON object",
                    Optional.of(e));
        }
    }

    private HttpRequest request(String action, byte[] body) {
        Map<String, String> headers = new TreeMap<>(
                Map.of("content-type", TYPE, "host", config.host(), "x-amz-target", "TrentService." + action));
        Map<String, String> signed =
                new SigV4(credentials.get(), config.region(), "kms").headers(headers, body, Instant.now());
        HttpRequest.Builder request = HttpRequest.newBuilder(config.endpoint().resolve("/"))
                .timeout(config.timeout())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        signed.forEach((name, value) -> {
            // The client writes the host by itself, as it stands in the address.
            if (!name.equals("host")) {
                request.header(name, value);
            }
        });
        return request.build();
    }

    /** The whole answer in time: the client's own limit is one on its head, and a body can come byte by byte. */
    private HttpResponse<byte[]> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> coming = http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            return coming.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HttpTimeoutException
                    ? late()
                    : CustodyException.of(
                            CustodyCode.MISSING,
                            "the key service at " + config.endpoint() + " cannot be reached",
                            Optional.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CustodyException.of(CustodyCode.TIMEOUT, "interrupted while waiting for the key service");
        } finally {
            coming.cancel(true);
        }
    }

    private CustodyException late() {
        return CustodyException.of(
                CustodyCode.TIMEOUT,
                "the key service at " + config.endpoint() + " did not answer within "
                        + config.timeout().toMillis() + " ms");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
