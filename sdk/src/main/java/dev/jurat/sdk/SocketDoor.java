package dev.jurat.sdk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The log of the node at a Unix socket, which serves it below {@code /v1/log}. Thread-safe. */
final class SocketDoor implements LogDoor {
    private static final String PREFIX = "/v1/log/";

    private final Path socket;
    private final Duration answer;
    private final UnixHttp http;

    SocketDoor(Path socket, Duration answer) {
        this.socket = socket;
        this.answer = answer;
        this.http = new UnixHttp(socket);
    }

    @Override
    public String place() {
        return socket.toString();
    }

    @Override
    public Optional<byte[]> get(String path, int bytesMax) throws IOException {
        HttpAnswer got;
        try {
            got = http.send(HttpCall.get(PREFIX + path), answer, bytesMax);
        } catch (NodeException e) {
            throw new IOException(socket + " cannot be read: " + e.getMessage(), e);
        }
        return switch (got.status()) {
            case 200 -> Optional.of(got.body());
            case 404, 410 -> Optional.empty();
            default -> throw new IOException(socket + " answers with status " + got.status());
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
