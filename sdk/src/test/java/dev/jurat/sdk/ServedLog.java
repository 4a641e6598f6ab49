package dev.jurat.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

/** A log on a loopback port that grows, and lies, as a test wants it to. */
final class ServedLog implements AutoCloseable {
    static final SoftwareKey KEY = SoftwareKey.ofSeed(seed(1));
    static final SoftwareKey WITNESS = SoftwareKey.ofSeed(seed(2));
    static final String ORIGIN = "log.example";

    final List<byte[]> entries = new ArrayList<>();
    /** What is answered under a path instead of what is there. */
    final Map<String, byte[]> lies = new ConcurrentHashMap<>();
    /** With which status, instead of 200. */
    final Map<String, Integer> statuses = new ConcurrentHashMap<>();

    final List<String> asked = new ArrayList<>();

    static {
        // Else each answer waits for what the reader's kernel says to its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final MerkleTree tree = MerkleTree.of(List.of());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    private static byte[] seed(int first) {
        byte[] seed = new byte[32];
        seed[0] = (byte) first;
        return seed;
    }

    ServedLog(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** A log of so many leaves. */
    static ServedLog of(int size) throws IOException {
        ServedLog log = new ServedLog(0);
        log.grow(size, 7);
        return log;
    }

    synchronized void grow(int more, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < more; i++) {
            byte[] entry = new byte[random.nextInt(1, 40)];
            random.nextBytes(entry);
            entries.add(entry);
            tree.append(Rfc6962.leafHash(entry));
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The checkpoint of a size, by the log's key. */
    synchronized SignedNote note(long size) {
        TreeSize at = new TreeSize(size);
        return NoteSigner.log(ORIGIN, KEY).note(new Checkpoint(ORIGIN, at, tree.root(at)).text());
    }

    synchronized long size() {
        return entries.size();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(1);
            byte[] body = content(path);
            int status = statuses.getOrDefault(path, body.length == 0 ? 404 : 200);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private synchronized byte[] content(String path) {
        asked.add(path);
        try {
            byte[] lie = lies.get(path);
            if (lie != null) {
                return lie;
            }
            if (path.equals("checkpoint")) {
                return note(entries.size()).bytes();
            }
            return path.startsWith("tile/entries/") ? bundle(EntryBundle.parse(path)) : tile(Tile.parse(path));
        } catch (Exception e) {
            return new byte[0];
        }
    }

    synchronized byte[] bundle(EntryBundle bundle) {
        int first = (int) bundle.index() * Tile.WIDTH_MAX;
        return bundle.encode(entries.subList(first, first + bundle.width()));
    }

    synchronized byte[] tile(Tile tile) {
        Optional<Tile> there = Tile.at(tile.level(), tile.index(), tree.size());
        if (there.isEmpty() || there.get().width() < tile.width()) {
            return new byte[0];
        }
        long first = tile.index() * Tile.WIDTH_MAX;
        return tile.encode(LongStream.range(first, first + tile.width())
                .mapToObj(index -> tree.hash(8 * tile.level(), index))
                .toList());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
