package dev.jurat.assurance.harness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A reader of the log over loopback HTTP who believes nothing but what it computes: checkpoint, entries, roots. */
public final class LogReader implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int WIDTH = 256;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    /** A reader of the log at this address, such as {@code http://127.0.0.1:4000}. */
    public LogReader(String base) {
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    /** The checkpoint as it is served now. */
    public Checkpoint checkpoint() throws IOException {
        try {
            return Checkpoint.parse(SignedNote.parse(get("/checkpoint")).text());
        } catch (FormatException e) {
            throw new IOException("the checkpoint: " + e.code(), e);
        }
    }

    /** All leaves of the log of a size, in order. */
    public List<byte[]> leaves(long size) throws IOException {
        List<byte[]> leaves = new ArrayList<>();
        for (long index = 0; index * WIDTH < size; index++) {
            int width = (int) Math.min(WIDTH, size - index * WIDTH);
            EntryBundle bundle = new EntryBundle(index, width);
            try {
                leaves.addAll(bundle.decode(get("/" + bundle.path())));
            } catch (FormatException e) {
                throw new IOException(bundle.path() + ": " + e.code(), e);
            }
        }
        return leaves;
    }

    /** The root of these leaves. */
    public static Hash root(List<byte[]> leaves) {
        return Rfc6962.root(leaves.stream().map(Rfc6962::leafHash).toList());
    }

    /** What lies under a path. */
    public byte[] get(String path) throws IOException {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(URI.create(base + path))
                            .timeout(SOON)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException(path + " answered " + response.statusCode());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
