package dev.jurat.app.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * What of an answer goes out, by what the caller takes and has: gzip (RFC 9110 §12.5.3), or the head alone where the caller has the bytes
 * (§13.1.2). As many answers are compressed at once as there are processors, and the others go out as they are. Thread-safe.
 */
final class Negotiation {
    private static final String GZIP = "gzip";
    /** The coding alone, or with a weight that is not zero; what is out of form is not taken. */
    private static final Pattern TAKES_GZIP = Pattern.compile(
            "\\s*gzip\\s*(;\\s*q=(1(\\.0{0,3})?|0\\.(?!0*\\s*$)[0-9]{1,3})\\s*)?", Pattern.CASE_INSENSITIVE);

    private static final int BYTES_MIN = 1024;
    private static final int BYTES_MAX = 4 << 20;

    private final Semaphore compressing = new Semaphore(Runtime.getRuntime().availableProcessors());

    /** The answer as this caller gets it. */
    ApiAnswer answer(HttpFields asked, ApiAnswer answer) {
        if (answer.status() == HttpStatus.OK_200 && has(asked, answer.headers().get("ETag"))) {
            return new ApiAnswer(HttpStatus.NOT_MODIFIED_304, answer.mediaType(), new byte[0], answer.headers());
        }
        if (!answer.compressible()) {
            return answer;
        }
        ApiAnswer varying = answer.with(Map.of("Vary", "Accept-Encoding"));
        int length = answer.body().length;
        if (length < BYTES_MIN || length > BYTES_MAX || !takesGzip(asked) || !compressing.tryAcquire()) {
            return varying;
        }
        try {
            return compressed(varying);
        } finally {
            compressing.release();
        }
    }

    private static boolean has(HttpFields asked, @Nullable String tag) {
        return tag != null
                && asked.getValuesList(HttpHeader.IF_NONE_MATCH).stream()
                        .flatMap(line -> Stream.of(line.split(",")))
                        .map(had -> had.strip().replaceFirst("^W/", ""))
                        .anyMatch(had -> had.equals("*") || had.equals(tag));
    }

    private static boolean takesGzip(HttpFields asked) {
        return asked.getValuesList(HttpHeader.ACCEPT_ENCODING).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .anyMatch(coding -> TAKES_GZIP.matcher(coding).matches());
    }

    private static ApiAnswer compressed(ApiAnswer answer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(answer.body().length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, BYTES_MIN)) {
            gzip.write(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ApiAnswer(answer.status(), answer.mediaType(), out.toByteArray(), answer.headers())
                .with(Map.of("Content-Encoding", GZIP));
    }
}
