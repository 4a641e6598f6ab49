package dev.jurat.custody.kms;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** moto's emulation of AWS, as a process on this machine. It checks no signature of a request. */
final class MotoServer implements AutoCloseable {
    private static final Path VENV = Path.of(System.getProperty("jurat.root"), "custody", "moto", "venv");
    private final Process process;
    private final URI address;

    private MotoServer(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Python with moto and botocore; without it the test is skipped, and says so. */
    static Path python() {
        Path python = VENV.resolve("bin").resolve("python");
        if (!Files.isExecutable(python)) {
            String why = "moto is not in custody/moto/venv (python3 -m venv custody/moto/venv, then its pip install -r"
                    + " custody/moto/requirements.txt)";
            if (System.getenv("JURAT_MOTO_REQUIRED") != null) {
                throw new IllegalStateException(why + ": required here (JURAT_MOTO_REQUIRED)");
            }
            System.out.println("SKIPPED: " + why);
            Assumptions.abort("SKIPPED: " + why);
        }
        return python;
    }

    static MotoServer start() throws Exception {
        Path python = python();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        python.toString(), "-m", "moto.server", "-H", "127.0.0.1", "-p", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        MotoServer server = new MotoServer(process, URI.create("http://127.0.0.1:" + port + "/"));
        for (int i = 0; i < 300; i++) {
            if (server.reset().isPresent()) {
                return server;
            }
            Thread.sleep(100);
        }
        server.close();
        throw new IOException("moto does not come up");
    }

    URI address() {
        return address;
    }

    /** Forgets all keys; the status, where it answers. */
    Optional<Integer> reset() throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/moto-api/reset"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            return Optional.of(
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
