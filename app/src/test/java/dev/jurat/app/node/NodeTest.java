package dev.jurat.app.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A whole node over a real folder, spoken to through its doors. */
// A process has one folder for native libraries: that of the first node in it.
@ResourceLock("native libraries")
class NodeTest {
    @TempDir
    Path folder;

    private Node start() throws StartException {
        return Node.start(NodeConfig.of(folder.resolve("data")), Optional.empty(), fault -> {
            throw fault;
        });
    }

    private JuratClient client(Node node) {
        return new JuratClient(node.config().socket(), Duration.ofSeconds(20));
    }

    @Test
    void aRestartLosesTheLog() throws Exception {
        NodeHead before;
        try (Node node = start();
                JuratClient client = client(node)) {
            before = client.head();
            assertFalse(before.claimed());
            assertTrue(before.size() > 3, "genesis, clock, session, policies and profiles");
        }
        try (Node node = start();
                JuratClient client = client(node)) {
            assertEquals(before.genesis(), client.head().genesis());
            assertTrue(client.head().size() >= before.size());
            assertEquals(
                    2,
                    ((Json.Arr) client.get("/v1/policies").members().get("policies"))
                            .items()
                            .size());
        }
        assertFalse(Files.exists(folder.resolve("data/node.sock")));
    }

    @Test
    void aStoppedNodeLeavesItsServicesSessionsOpen() throws Exception {
        long before;
        try (Node node = start();
                JuratClient client = client(node)) {
            before = client.head().size();
            node.close(); // and once more: what stops a node twice is no fault
        }
        try (Node node = start()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(node.tilesUrl() + "/" + new EntryBundle(0, (int) before + 1).path()))
                    .build();
            byte[] entries = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            SignedRecord last = SignedRecord.ofLeaf(
                    new EntryBundle(0, (int) before + 1).decode(entries).getLast());
            assertEquals(Kind.SESSION_END, last.kind());
        }
    }

    @Test
    void twoNodesShareAFolder() throws Exception {
        try (Node node = start()) {
            StartException e = assertThrows(StartException.class, this::start);
            assertEquals("data-folder-in-use", e.code());
            try (JuratClient client = client(node)) {
                client.head();
            }
        }
    }

    @Test
    void startsOfANewFolderAtOnceMakeKeysOverEachOther() throws Exception {
        NodeConfig config = NodeConfig.of(folder.resolve("new"));
        List<Node> up = Collections.synchronizedList(new ArrayList<>());
        List<String> codes = Collections.synchronizedList(new ArrayList<>());
        List<Thread> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(Thread.ofPlatform().start(() -> {
                try {
                    up.add(Node.start(config, Optional.empty(), fault -> {}));
                } catch (StartException e) {
                    codes.add(e.code());
                }
            }));
        }
        for (Thread start : starts) {
            start.join();
        }
        for (Node node : up) {
            node.close();
        }
        assertEquals(1, up.size());
        assertEquals(Set.of("data-folder-in-use"), Set.copyOf(codes));
        Node.start(config, Optional.empty(), fault -> {}).close();
    }

    @Test
    void othersCanEnterTheFolder() throws Exception {
        try (Node node = start()) {
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(node.config().data())));
            try (var keys = Files.list(node.config().keys())) {
                for (Path key : keys.toList()) {
                    assertEquals(
                            "rw-------",
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(key)),
                            key.toString());
                }
            }
        }
    }

    @Test
    void anUnclaimedNodeIsSilentAboutIt() throws Exception {
        try (Node node = start();
                JuratClient client = client(node)) {
            String warnings = client.status().members().get("warnings").toString();
            assertTrue(warnings.contains("unclaimed") && warnings.contains("same-user"), warnings);
        }
    }

    @Test
    void aBadQuestionHasNoCode() throws Exception {
        try (Node node = start();
                JuratClient client = client(node)) {
            assertCode(client, "/v1/records/zz", 400, "id-syntax");
            assertCode(client, "/v1/records/" + "0".repeat(64), 404, "not-found");
            assertCode(client, "/v1/search?limit=0", 400, "parameter-value");
            assertCode(client, "/v1/search?colour=red", 400, "parameter-unknown");
            assertCode(client, "/v1/bundle", 400, "scope-missing");
            assertCode(client, "/v1/streams/a/b/c", 400, "principal-syntax");
            assertCode(client, "/v1/artefacts/" + "0".repeat(64), 404, "not-found");
            Json.Obj empty = JsonBuilder.object()
                    .put("records", new Json.Arr(java.util.List.of()))
                    .build();
            NodeException e =
                    assertThrows(NodeException.class, () -> client.post("/v1/groups", empty, Duration.ofSeconds(5)));
            assertEquals("group-empty", e.code());
        }
    }

    @Test
    void aRecordWithoutAnActionHasNoBundle() throws Exception {
        try (Node node = start();
                JuratClient client = client(node)) {
            String genesis = client.head().genesis().hex();
            NodeException e = assertThrows(NodeException.class, () -> client.get("/v1/bundle?action=" + genesis));
            assertEquals("scope-missing", e.code());
            assertTrue(String.valueOf(e.getMessage()).contains("belongs to no action"), e.getMessage());
            Matcher stream = Pattern.compile("jurat bundle export --session (\\S+) --out FILE")
                    .matcher(e.next());
            assertTrue(stream.find(), e.next());
            String query = "/v1/bundle?session=" + stream.group(1);
            assertTrue(client.bytes(query, 1 << 20, Duration.ofSeconds(5)).length > 0);
            NodeException none =
                    assertThrows(NodeException.class, () -> client.get("/v1/bundle?action=" + "0".repeat(64)));
            assertEquals("scope-missing", none.code());
            assertFalse(none.next().contains("--session"), none.next());
        }
    }

    private static void assertCode(JuratClient client, String path, int status, String code) {
        NodeException e = assertThrows(NodeException.class, () -> client.get(path));
        assertEquals(code, e.code(), path);
        assertEquals(status, e.status(), path);
    }

    @Test
    void aRouteIsNotInTheDocumentOrTheOtherWayRound() throws Exception {
        try (Node node = start();
                JuratClient client = client(node)) {
            byte[] document = client.bytes("/v1/openapi.yaml", 1 << 20, Duration.ofSeconds(5));
            Set<String> told = new TreeSet<>();
            new YAMLMapper()
                    .readTree(document)
                    .at("/paths")
                    .properties()
                    .forEach(path -> path.getValue()
                            .propertyNames()
                            .forEach(method -> told.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
            assertEquals(nameless(told), nameless(node.routes()));
        }
    }

    private static Set<String> nameless(Collection<String> routes) {
        return routes.stream()
                .map(route -> route.replaceAll("\\{[^}]+}", "{}"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aPrefixFindsNothing() throws Exception {
        try (Node node = start();
                JuratClient client = client(node)) {
            String genesis = client.head().genesis().hex();
            Json.Obj found = client.get("/v1/records/" + genesis.substring(0, 12));
            assertEquals(Json.of(genesis), found.members().get("id"));
        }
    }

    @Test
    void theWorldCannotReadTheTiles() throws Exception {
        try (Node node = start();
                HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> checkpoint = get(http, node.tilesUrl() + "/checkpoint");
            assertEquals(200, checkpoint.statusCode());
            assertTrue(SignedNote.parse(checkpoint.body()).text().endsWith("\n"));
            long size =
                    Long.parseLong(SignedNote.parse(checkpoint.body()).text().split("\n")[1]);
            HttpResponse<byte[]> tile = get(http, node.tilesUrl() + "/tile/0/000.p/" + size);
            assertEquals(200, tile.statusCode());
            assertEquals(size * 32, tile.body().length);
            assertEquals(404, get(http, node.tilesUrl() + "/tile/0/001").statusCode());
            assertEquals(404, get(http, node.tilesUrl() + "/v1/status").statusCode());
        }
    }

    @Test
    void aTileHasASecondSpelling() throws Exception {
        try (Node node = start();
                JuratClient client = client(node)) {
            String tile = "/tile/0/000.p/" + client.head().size();
            int port = URI.create(node.tilesUrl()).getPort();
            assertTrue(raw(port, tile).startsWith("HTTP/1.1 200"));
            // The server itself refuses these.
            assertTrue(raw(port, tile.replace("/0/", "//0/")).startsWith("HTTP/1.1 400"));
            assertTrue(raw(port, tile.replace("/0/", "%2f0/")).startsWith("HTTP/1.1 400"));
            for (String other : List.of(
                    tile + ";x",
                    tile.replace("/0/", "/0;x/"),
                    tile.replace("/0/", "/%30/"),
                    tile.replace("/0/", "/0/../0/"),
                    tile.replace("/0/", "/./0/"),
                    tile.replace("/tile", "/tile/../tile"),
                    tile + "/",
                    tile + "?",
                    tile + "?x=1",
                    "/checkpoint?x",
                    "/%74ile" + tile.substring(5),
                    "/checkpoint;x",
                    "/tile/0/001",
                    "/tile",
                    "/v1/status")) {
                String answer = raw(port, other);
                assertTrue(answer.startsWith("HTTP/1.1 404"), other + ": " + answer);
                assertTrue(answer.contains("GET /checkpoint"), answer);
                assertFalse(answer.contains("openapi") || answer.contains("jurat search"), answer);
                assertFalse(answer.contains("immutable"), answer);
            }
        }
    }

    private static String raw(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static HttpResponse<byte[]> get(HttpClient http, String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void aPathThatIsTooLongFailsInTheDark() {
        Path deep = folder.resolve("x".repeat(100));
        StartException e = assertThrows(
                StartException.class, () -> Node.start(NodeConfig.of(deep), Optional.empty(), fault -> {}));
        assertEquals("socket-path-long", e.code());
        assertFalse(Files.exists(deep));
    }
}
