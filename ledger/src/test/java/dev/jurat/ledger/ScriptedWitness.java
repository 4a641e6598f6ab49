package dev.jurat.ledger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.WitnessRequest;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A witness over HTTP that answers as it is told: by itself, like one that checks nothing but where it stands. */
final class ScriptedWitness implements AutoCloseable {
    static final String LINE = "text/plain; charset=utf-8";
    static final String SIZE = "text/x.tlog.size";

    final NoteSigner signer;
    final List<Long> asked = new CopyOnWriteArrayList<>();
    volatile Script script = this::honest;
    volatile long last;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What becomes of one request. */
    @FunctionalInterface
    interface Script {
        void answer(HttpExchange exchange, WitnessRequest request) throws IOException;
    }

    ScriptedWitness(String name) throws IOException {
        signer = NoteSigner.cosigner("witness.example/" + name, World.key("witness " + name));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/add-checkpoint", exchange -> {
            try (exchange) {
                WitnessRequest request =
                        WitnessRequest.parse(exchange.getRequestBody().readAllBytes());
                asked.add(System.nanoTime());
                script.answer(exchange, request);
            } catch (FormatException e) {
                exchange.sendResponseHeaders(400, -1);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String line(String name) {
        return "witness " + name + " " + signer.verifier().text() + " " + url() + "\n";
    }

    void honest(HttpExchange exchange, WitnessRequest request) throws IOException {
        if (request.old().value() != last) {
            say(exchange, 409, SIZE, last + "\n");
            return;
        }
        last = request.size().value();
        say(exchange, 200, LINE, cosignature(request, System.currentTimeMillis() / 1000));
    }

    String cosignature(WitnessRequest request, long seconds) {
        return signer.cosign(request.note().text(), seconds).line() + "\n";
    }

    static void say(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
