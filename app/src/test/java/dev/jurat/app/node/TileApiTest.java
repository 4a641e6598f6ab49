package dev.jurat.app.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TlogProof;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.SignedRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node serves of its log on loopback, against the tree that its own entries give. */
// A process has one folder for native libraries: that of the first node in it.
@ResourceLock("native libraries")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TileApiTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private Node node;
    private SignedNote note;
    private Checkpoint checkpoint;
    private List<byte[]> leaves = List.of();
    private MerkleTree tree = MerkleTree.of(List.of());

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        node = Node.start(NodeConfig.of(folder.resolve("data")), Optional.empty(), fault -> {
            throw fault;
        });
        note = SignedNote.parse(get("/checkpoint").body());
        checkpoint = Checkpoint.parse(note.text());
        EntryBundle bundle = new EntryBundle(0, (int) checkpoint.size().value());
        leaves = bundle.decode(get("/" + bundle.path()).body());
        tree = MerkleTree.of(leaves.stream().map(Rfc6962::leafHash).toList());
        assertEquals(checkpoint.root(), tree.root());
    }

    @AfterAll
    void stop() throws Exception {
        node.close();
    }

    @Test
    void aPartialTileOfAnEarlierSizeIsNotServedAnyMore() throws Exception {
        for (int width = 1; width <= leaves.size(); width++) {
            List<Hash> hashes =
                    new Tile(0, 0, width).decode(get("/tile/0/000.p/" + width).body());
            assertEquals(tree.root(new TreeSize(width)), MerkleTree.of(hashes).root());
            EntryBundle bundle = new EntryBundle(0, width);
            List<byte[]> entries = bundle.decode(get("/" + bundle.path()).body());
            assertArrayEquals(leaves.get(width - 1), entries.getLast());
        }
        assertEquals(404, ask("/tile/0/000.p/255").statusCode());
        assertEquals(404, ask("/tile/1/000.p/1").statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "/checkpoint, text/plain; charset=utf-8, 'public, max-age=1, must-revalidate'",
        "/tile/0/000.p/1, application/octet-stream, 'public, max-age=600'",
        "/tile/entries/000.p/1, application/octet-stream, 'public, max-age=600'",
        "/inclusion/0/1, application/json, 'public, max-age=31536000, immutable'",
        "/consistency/1/2, application/json, 'public, max-age=31536000, immutable'",
        "/proof/0.tlog-proof, text/plain; charset=utf-8, 'public, max-age=1, must-revalidate'"
    })
    void aCacheKeepsWhatChangesOrAWebPageCannotRead(String path, String type, String control) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        assertEquals(type, header(answer, "Content-Type"));
        assertEquals(control, header(answer, "Cache-Control"));
        assertEquals("*", header(answer, "Access-Control-Allow-Origin"));
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
    }

    @ParameterizedTest
    @CsvSource({"/inclusion/5/5", "/tile/0/001", "/consistency/2/1", "/proof/x.tlog-proof", "/proof/0"})
    void anErrorIsKeptByACache(String path) throws Exception {
        HttpResponse<byte[]> answer = ask(path.replace("/5/5", "/" + leaves.size() + "/" + leaves.size()));
        assertTrue(answer.statusCode() == 404 || answer.statusCode() == 400, path);
        assertEquals("no-store", header(answer, "Cache-Control"));
    }

    @Test
    void aReaderWhoHasTheCheckpointGetsItAgain() throws Exception {
        HttpResponse<byte[]> first = get("/checkpoint");
        String tag = header(first, "ETag");
        for (String had : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            HttpResponse<byte[]> again = ask("/checkpoint", "If-None-Match", had);
            assertEquals(304, again.statusCode(), had);
            assertEquals(0, again.body().length);
            assertEquals(tag, header(again, "ETag"));
            assertEquals(header(first, "Cache-Control"), header(again, "Cache-Control"));
        }
        assertEquals(200, ask("/checkpoint", "If-None-Match", "\"x\"").statusCode());
    }

    @Test
    void entriesAreNotCompressedOrToWhoDoesNotTakeIt() throws Exception {
        String path = "/" + new EntryBundle(0, leaves.size()).path();
        byte[] plain = get(path).body();
        HttpResponse<byte[]> packed = ask(path, "Accept-Encoding", "br, gzip;q=0.5");
        assertEquals("gzip", header(packed, "Content-Encoding"));
        assertTrue(packed.body().length < plain.length / 2, packed.body().length + " of " + plain.length);
        assertArrayEquals(plain, new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes());
        for (String taken : List.of(
                "gzip;q=0",
                "identity",
                "deflate",
                "",
                "gzip;q=x",
                "gzip;q=0.000",
                "gzip;x",
                "\"gzip",
                ";,;q",
                "*;q=0")) {
            HttpResponse<byte[]> answer = ask(path, "Accept-Encoding", taken);
            assertArrayEquals(plain, answer.body(), taken);
            assertEquals("Accept-Encoding", header(answer, "Vary"), "a cache gives one reader what another takes");
        }
        HttpResponse<byte[]> tile = ask("/tile/0/000.p/" + leaves.size(), "Accept-Encoding", "gzip");
        assertFalse(tile.headers().firstValue("Content-Encoding").isPresent(), "hashes do not get smaller");
    }

    @Test
    void aProofOfTheNodeDoesNotVerify() throws Exception {
        for (int i = 0; i < leaves.size(); i++) {
            Hash leaf = Rfc6962.leafHash(leaves.get(i));
            for (String named :
                    List.of("" + i, SignedRecord.ofLeaf(leaves.get(i)).id().hex())) {
                int size = (i + leaves.size() + 1) / 2;
                Fields said = json("/inclusion/" + named + "/" + size);
                new InclusionProof(new LeafIndex(said.integer("index")), new TreeSize(said.integer("size")), path(said))
                        .verify(leaf, tree.root(new TreeSize(size)));
                said.end();
                TlogProof file =
                        TlogProof.parse(get("/proof/" + named + ".tlog-proof").body());
                assertEquals(i, file.index().value());
                Checkpoint newest = Checkpoint.parse(file.checkpoint().text());
                new InclusionProof(file.index(), newest.size(), file.path()).verify(leaf, newest.root());
            }
            Fields said = json("/consistency/" + i + "/" + leaves.size());
            new ConsistencyProof(new TreeSize(said.integer("from")), new TreeSize(said.integer("to")), path(said))
                    .verify(tree.root(new TreeSize(i)), tree.root());
            said.end();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/inclusion/01/5, 400, leaf-index",
        "/inclusion/-1/5, 400, leaf-index",
        "/inclusion/9223372036854775808/5, 400, leaf-index",
        "/inclusion/0/x, 400, tree-size",
        "/inclusion/0/9223372036854775807, 404, size-unknown",
        "/inclusion/5/5, 404, record-unknown",
        "/inclusion/0/0, 404, record-unknown",
        "/consistency/3/2, 404, size-unknown",
        "/consistency/0/9223372036854775807, 404, size-unknown",
        "/proof/9223372036854775807.tlog-proof, 404, record-unknown",
        "/proof/0, 404, not-found",
        "/proof/.tlog-proof, 400, leaf-index",
        "/proof/0000000000000000000000000000000000000000000000000000000000000000.tlog-proof, 404, not-found",
        "/checkpoint?a=1, 404, no-such-path",
        "/checkpoint/, 404, no-such-path",
        "/tile/0/000.p/1?a=1, 404, not-found",
        "/tile/0/000.p/1?a, 400, parameter-syntax",
        "/tile/0/000.p/1?a=1&a=2, 400, parameter-twice",
        "/tile/0/000.p/1?a=%ff, 400, parameter-utf8",
        "/tile/0/0%30%30.p/1, 404, not-found",
        "/tile/0%2F000.p/1, 400, http-syntax",
        "/tile/0/../0/000.p/1, 404, not-found",
        "/inclusion/%30/1, 400, leaf-index",
        "/inclusion/0/1?a=1, 400, tree-size",
        "/proof/0.tlog-proof?a=1, 404, not-found",
        "/inclusion/0, 404, no-such-path",
        "/inclusion/0/1/2, 404, no-such-path"
    })
    void whatCannotBeProvenIsAnsweredWithoutACode(String path, int status, String code) throws Exception {
        HttpResponse<byte[]> answer = ask(path);
        assertEquals(status, answer.statusCode());
        Fields error = Fields.of(CanonicalJson.readLoose(answer.body()), "error");
        assertEquals(code, error.string("code"));
        assertEquals("you", error.string("owner"));
    }

    /** By hand: Java's client leaves the mark of an empty query out. */
    @Test
    void anEmptyQueryIsNoOtherSpelling() throws Exception {
        URI door = URI.create(node.tilesUrl());
        try (Socket socket = new Socket(door.getHost(), door.getPort())) {
            String request = "GET /checkpoint? HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 404") && answer.contains("no-such-path"), answer);
        }
    }

    private static List<Hash> path(Fields said) throws FormatException {
        List<Hash> path = new ArrayList<>();
        for (String hex : said.strings("path")) {
            path.add(Hash.fromHex(hex));
        }
        return path;
    }

    private Fields json(String path) throws Exception {
        return Fields.of(CanonicalJson.readLoose(get(path).body()), path);
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        HttpResponse<byte[]> answer = ask(path);
        assertEquals(200, answer.statusCode(), path);
        return answer;
    }

    private HttpResponse<byte[]> ask(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.tilesUrl() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
