package dev.jurat.assurance.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.endtoend.Servers;
import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.RawHttp;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each refusal has a code, takes bounded time and memory, and loses nothing that was there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(2)
final class BadInputTest {
    private static final long NODE_KILOBYTES_MAX = 900_000;
    private static final int HUGE = 80 << 20;

    private static final int UNFINISHED_SECONDS_MAX = 75;

    private Site site;
    private long size;
    private CompletableFuture<Long> unfinished = new CompletableFuture<>();

    @BeforeAll
    void start() throws IOException {
        site = Site.fresh();
        site.up();
        size = size();
        unfinished = CompletableFuture.supplyAsync(
                () -> unfinished(site.socket()),
                // The common pool has one thread on two cores, and the ends of processes are told by it.
                task -> Thread.ofPlatform().daemon().start(task));
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    /** Whatever came in: the node answers, holds its memory, and the log did not shrink. */
    @AfterEach
    void stillThere() throws IOException {
        assertTrue(site.node().alive());
        assertTrue(size() >= size);
        assertTrue(site.node().memoryKilobytes("VmHWM") < NODE_KILOBYTES_MAX, "memory is not bounded");
    }

    private long size() throws IOException {
        return Long.parseLong(Values.text(site.get("/v1/head"), "size"));
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                request("no HTTP at all", "hello\r\n\r\n"),
                request("an unknown method", "BREW /v1/head HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                request("an unknown path", "GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                request(
                        "a path out of the folder",
                        "GET /v1/artefacts/..%2f..%2fkeys HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                request("an id that is none", "GET /v1/records/zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                request(
                        "a limit beyond bounds",
                        "GET /v1/search?limit=100000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                request(
                        "an unknown query",
                        "GET /v1/search?colour=red HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                request(
                        "a cursor that is none",
                        "GET /v1/search?cursor=%00%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                post("no JSON", "/v1/groups", "application/json", "{"),
                post("duplicate keys", "/v1/groups", "application/json", "{\"records\":[],\"records\":[]}"),
                post("an unknown member", "/v1/groups", "application/json", "{\"records\":[],\"extra\":1}"),
                post("no records", "/v1/groups", "application/json", "{\"records\":[]}"),
                post("deep nesting", "/v1/groups", "application/json", "[".repeat(100_000)),
                post(
                        "a payload that is none",
                        "/v1/groups",
                        "application/json",
                        "{\"records\":[{\"payload\":\"e30=\",\"signatures\":[\"AA==\"]}]}"),
                post("another content type", "/v1/groups", "text/plain", "{\"records\":[]}"),
                post("an empty form", "/v1/token", "application/x-www-form-urlencoded", ""),
                post(
                        "a form with a name twice",
                        "/v1/token",
                        "application/x-www-form-urlencoded",
                        "grant_type=a&grant_type=b"),
                post(
                        "a subject that is none",
                        "/v1/token",
                        "application/x-www-form-urlencoded",
                        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=%25&subject_token_type=urn%3Ajurat%3Atoken-type%3Aintent&audience=x"),
                post("an approval that is none", "/v1/approvals", "application/json", "{\"record\":{}}"));
    }

    private static Arguments request(String name, String text) {
        return Arguments.of(name, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Arguments post(String name, String path, String type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        out.writeBytes(("POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(bytes);
        return Arguments.of(name, out.toByteArray());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void aBadRequestHasNoCode(String name, byte[] request) throws IOException {
        RawHttp.Reply reply = RawHttp.send(site.socket(), request, Duration.ofSeconds(20));

        assertEquals(4, reply.status() / 100, reply.head() + reply.text());
        if (!name.equals("no HTTP at all")) {
            String code = Values.text(reply.json(), "code");
            String error = Values.text(reply.json(), "error");
            assertNotEquals("", code + error, reply.text());
        }
    }

    @Test
    void anOversizeRequestIsReadWhole() throws IOException {
        byte[] head = ("POST /v1/groups HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                        + HUGE + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(head, head.length + HUGE);
        Arrays.fill(request, head.length, request.length, (byte) ' ');

        RawHttp.Reply reply = RawHttp.send(site.socket(), request, Duration.ofSeconds(30));

        assertTrue(reply.status() == 413 || reply.status() == 0, reply.head() + reply.text());
        assertTrue(reply.sent() < HUGE / 2, "the node read " + reply.sent() + " bytes of a request that it refuses");
    }

    @Test
    void anOversizeRequestInChunksIsReadWhole() throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(
                "POST /v1/groups HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] chunk = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < HUGE >> 20; i++) {
            out.writeBytes("100000\r\n".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(chunk);
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        RawHttp.Reply reply = RawHttp.send(site.socket(), out.toByteArray(), Duration.ofSeconds(30));

        assertTrue(reply.status() / 100 == 4 || reply.status() == 0, reply.head() + reply.text());
        assertTrue(reply.sent() < HUGE / 2, "the node read " + reply.sent() + " bytes of a request that it refuses");
    }

    @Test
    void endlessHeadersAreRead() throws IOException {
        byte[] request = ("GET /v1/head HTTP/1.1\r\nHost: x\r\n"
                        + "X-More: 0123456789012345678901234567890123456789\r\n".repeat(100_000))
                .getBytes(StandardCharsets.US_ASCII);

        RawHttp.Reply reply = RawHttp.send(site.socket(), request, Duration.ofSeconds(20));

        assertTrue(reply.status() / 100 == 4 || reply.status() == 0, reply.head());
        assertTrue(reply.sent() < request.length, "all headers were read");
    }

    /** Last: it waits for the door's deadline while the others run. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aRequestThatNeverEndsHoldsAConnectionForEver() throws Exception {
        assertTrue(unfinished.get(100, TimeUnit.SECONDS) < UNFINISHED_SECONDS_MAX, "the node waits without end");
    }

    /** Seconds until the node gave up a request whose body never comes; started early, since that takes a while. */
    private static long unfinished(Path socket) {
        byte[] request = "POST /v1/groups HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
                .getBytes(StandardCharsets.US_ASCII);
        long from = System.nanoTime();
        try {
            RawHttp.send(socket, request, Duration.ofSeconds(UNFINISHED_SECONDS_MAX));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Duration.ofNanos(System.nanoTime() - from).toSeconds();
    }

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("nonsense"),
                List.of("search", "--limit", "many"),
                List.of("search", "--since", "yesterday"),
                List.of("show", "not-an-id"),
                List.of("approve", "not-an-id"),
                List.of("bundle", "export", "--all", "--action", "00"),
                List.of("verify", "does-not-exist.jurat"),
                List.of("bundle", "show", "does-not-exist.jurat"),
                List.of("bundle", "nonsense"),
                List.of("up", "--background", "--operator", "ann"),
                List.of("policy", "test", "does-not-exist.cedar"),
                List.of("up", "--data"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aBadCommandLineHasNoCodeOrNoNextStep(List<String> arguments) throws IOException {
        Site.Said said = site.jurat(arguments.toArray(String[]::new));

        assertEquals(2, said.exit(), said.out() + said.err());
        assertTrue(said.err().contains("next: ") && said.err().contains("jurat "), said.err());
        assertFalse(said.err().contains("Exception"), said.err());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aBadCommandLineIsNoData(List<String> arguments) throws IOException {
        boolean noun = List.of("bundle", "policy").contains(arguments.getFirst());
        List<String> asked = new ArrayList<>(arguments);
        asked.add(noun ? 2 : 1, "--json");

        Site.Said said = site.jurat(asked.toArray(String[]::new));

        assertEquals(2, said.exit(), said.out() + said.err());
        assertNotEquals("", Values.text(said.json(), "error.code"), said.out());
        assertTrue(Values.text(said.json(), "error.next").contains("jurat "), said.out());
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                line("no JSON", "{\"jsonrpc\":", "json-"),
                line("a batch", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", ""),
                line(
                        "duplicate keys",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/call\"}",
                        "json-duplicate-key"),
                line(
                        "an unknown method",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/destroy\"}",
                        "method-unknown"),
                line(
                        "an unknown member of params",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{},\"also\":1}}",
                        "params-key-unknown"),
                line(
                        "deep nesting",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{\"a\":"
                                + "[".repeat(100) + "]".repeat(100) + "}}}",
                        "json-depth"),
                line(
                        "a lone surrogate",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{\"word\":\"\\ud800\"}}}",
                        "json-surrogate"));
    }

    private static Arguments line(String name, String text, String code) {
        return Arguments.of(name, text, code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void aBadLineReachesTheServer(String name, String line, String code) throws IOException {
        Path counter = Files.createTempFile(site.folder(), "counter", "");
        try (StdioClient client =
                Servers.ready(site.wrap("lines", List.of("--observe"), CountingServer.command(counter)))) {
            int before = client.received().size();
            client.send(line);
            client.request("ping", "{}", Servers.SOON);

            String answered = String.join(
                    "\n", client.received().subList(before, client.received().size()));
            assertTrue(answered.contains("\"error\"") && answered.contains(code), name + ": " + answered);
            assertEquals(List.of(), CountingServer.ran(counter));
            assertFalse(
                    client.call("count", "{\"word\":\"after\"}", Servers.SOON).failed());
        }
    }

    @Test
    void invalidUtf8ReachesTheServer() throws IOException {
        Path counter = site.folder().resolve("counter-utf8");
        try (StdioClient client =
                Servers.ready(site.wrap("lines", List.of("--observe"), CountingServer.command(counter)))) {
            byte[] bad =
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{\"word\":\"?\"}}}"
                            .getBytes(StandardCharsets.US_ASCII);
            bad[new String(bad, StandardCharsets.US_ASCII).indexOf('?')] = (byte) 0xC0;
            int before = client.received().size();
            client.send(bad);
            client.request("ping", "{}", Servers.SOON);

            assertTrue(String.join(
                            "",
                            client.received().subList(before, client.received().size()))
                    .contains("json-utf8"));
            assertEquals(List.of(), CountingServer.ran(counter));
        }
    }

    @Test
    void anEndlessLineIsReadWhole() throws IOException {
        Path counter = site.folder().resolve("counter-long");
        try (StdioClient client =
                Servers.ready(site.wrap("lines", List.of("--observe"), CountingServer.command(counter)))) {
            byte[] line = new byte[HUGE];
            Arrays.fill(line, (byte) 'x');
            try {
                client.send(line);
            } catch (IOException e) {
                // The wrapper hung up: as good as an error.
            }

            assertTrue(
                    client.process().alive() ? client.process().memoryKilobytes("VmHWM") < 400_000 : true,
                    "the line was read whole");
            assertEquals(List.of(), CountingServer.ran(counter));
        }
    }

    @Test
    void garbageIsTakenForABundle() throws IOException {
        Random random = new Random(7);
        for (int length : new int[] {0, 1, 22, 1000, 100_000}) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            Path file = site.folder().resolve("garbage" + length);
            Files.write(file, bytes);

            Site.Said said = site.jurat("verify", "--trust", site.trust().toString(), file.toString());

            assertTrue(said.exit() == 1 || said.exit() == 2, said.out() + said.err());
            assertFalse(said.err().contains("Exception"), said.err());
        }
    }

    @Test
    void aTrustPolicyWithASpareMemberIsTaken() throws IOException {
        Path bundle = site.folder().resolve("sound.jurat");
        site.json("bundle", "export", "--all", "--out", bundle.toString());
        Path trust = site.folder().resolve("spare.json");
        Files.writeString(trust, Files.readString(site.trust()).replace("{", "{\"spare\":1,"));

        assertEquals(
                2,
                site.jurat("verify", "--trust", trust.toString(), bundle.toString())
                        .exit());
    }
}
