package dev.jurat.app.http;

import static java.net.StandardProtocolFamily.UNIX;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.json.JsonBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Unix socket and a real TCP port, spoken to byte by byte. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class DoorTest {
    private static final DoorLimits SMALL = new DoorLimits(4, 64 << 10, 1 << 20, 8, 2_000, 1_000, 8 << 20);
    /** Patient enough for a slow machine: a second without a head while the door is full. */
    private static final DoorLimits CROWDED = new DoorLimits(4, 64 << 10, 1 << 20, 8, 20_000, 10_000, 8 << 20);

    private static final String GET = "GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static final String POST =
            "POST /v1/groups HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

    @TempDir
    Path folder;

    private final List<RuntimeException> faults = new ArrayList<>();
    private final AtomicInteger reached = new AtomicInteger();
    private final CountDownLatch inside = new CountDownLatch(4);
    private final CountDownLatch leave = new CountDownLatch(1);
    private SocketAddress address = new InetSocketAddress(0);
    private Door door;

    private final Router router = new Router.Builder()
            .get(
                    "/v1/status",
                    request -> ApiAnswer.ok(
                            JsonBuilder.object().put("peer", request.peer()).build()))
            .get(
                    "/v1/streams/{ns}/{id}",
                    request -> ApiAnswer.ok(JsonBuilder.object()
                            .put("ns", request.variable("ns"))
                            .put("id", request.variable("id"))
                            .build()))
            .get(
                    "/tile/{rest...}",
                    request -> ApiAnswer.ok(JsonBuilder.object()
                            .put("rest", request.variable("rest"))
                            .build()))
            .get("/v1/large", request -> ApiAnswer.bytes("application/zip", new byte[8 << 20]))
            .get("/v1/bug", request -> {
                throw new IllegalStateException("secret detail");
            })
            .get("/v1/error", request -> {
                throw new OutOfMemoryError("secret detail");
            })
            .get("/v1/slow", request -> {
                inside.countDown();
                try {
                    leave.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return ApiAnswer.ok(JsonBuilder.object().build());
            })
            .post("/v1/batch", 1_000, request -> ApiAnswer.bytes("application/json", new byte[2 << 20]))
            .post("/v1/groups", 1_000, request -> {
                reached.incrementAndGet();
                return ApiAnswer.ok(
                        JsonBuilder.object().put("bytes", request.body().length).build());
            })
            .build();

    @BeforeEach
    void open() throws IOException {
        Path socket = folder.resolve("node.sock");
        String user = Files.getOwner(folder).getName();
        door = Door.unix(socket, false, Users.only(Set.of(user)), router, SMALL, faults::add);
        address = UnixDomainSocketAddress.of(socket);
    }

    @AfterEach
    void close() {
        leave.countDown();
        door.close();
    }

    @Test
    void theSocketIsOpenToOthers() throws IOException {
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("node.sock"))));
        assertTrue(say("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .contains("\"peer\":\""));
    }

    @Test
    void anotherUserIsLetIn() throws IOException {
        door.close();
        door = Door.unix(
                folder.resolve("node.sock"),
                false,
                Users.only(Set.of("nobody-of-that-name")),
                router,
                SMALL,
                faults::add);
        String answer = say("POST /v1/groups HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        assertTrue(answer.startsWith("HTTP/1.1 403") && answer.contains("peer-not-allowed"), answer);
        assertEquals(0, reached.get());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET,  /v1/nothing,          404, no-such-path",
        "GET,  /,                    404, no-such-path",
        "POST, /v1/status,           405, no-such-method",
        "GET,  /v1/streams/a,        404, no-such-path",
        "GET,  /v1/streams/a/b/c,    404, no-such-path",
        "GET,  /v1/status?a=1&a=2,   400, parameter-twice",
        "GET,  /v1/status?a=%zz,     400, parameter-escape",
        "GET,  /v1/status?a=%ff,     400, parameter-utf8",
        "GET,  /v1/status?a,         400, parameter-syntax",
        "GET,  /v1/bug,              500, internal",
    })
    void aBadRequestIsAnsweredWithoutItsCode(String method, String target, int status, String code) throws IOException {
        String answer = say(method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        assertTrue(answer.contains("\"code\":\"" + code + "\""), answer);
        assertTrue(answer.contains("\"next\":"), answer);
    }

    @Test
    void theDetailsOfAFaultLeaveTheProcess() throws IOException {
        assertFalse(say("GET /v1/bug HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .contains("secret"));
        assertEquals(1, faults.size());
    }

    @Test
    void variablesAreNotDecoded() throws IOException {
        String answer = say("GET /v1/streams/a+b/c%20d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.endsWith("{\"id\":\"c d\",\"ns\":\"a+b\"}"), answer);
        assertTrue(say("GET /tile/0/x001/234 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .endsWith("{\"rest\":\"0/x001/234\"}"));
    }

    @Test
    void aDeclaredLengthOverTheLimitIsReadFirst() throws IOException {
        String answer = say("POST /v1/groups HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 413") && answer.contains("body-too-large"), answer);
        assertEquals(0, reached.get());
    }

    @Test
    void anUndeclaredLengthPassesTheLimit() throws IOException {
        String chunk = "200\r\n" + "x".repeat(0x200) + "\r\n";
        String answer =
                say("POST /v1/groups HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk);
        assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
        assertEquals(0, reached.get());
    }

    @Test
    void aBodyOfExactlyTheLimitIsRefused() throws IOException {
        String answer = say("POST /v1/groups HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n"
                + "x".repeat(1000));
        assertTrue(answer.endsWith("{\"bytes\":1000}"), answer);
    }

    @Test
    void aBodyThatNeverComesHoldsTheConnection() throws IOException {
        long from = System.nanoTime();
        say("POST /v1/groups HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx");
        assertTrue((System.nanoTime() - from) / 1_000_000 < 10_000);
        assertEquals(0, reached.get());
    }

    /** Bytes that come one at a time, each before the connection counts as idle; answers what was said, and after how long. */
    private String drip(String start, String more, long millisMax) throws Exception {
        try (SocketChannel channel = SocketChannel.open(address)) {
            long from = System.nanoTime();
            CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> rest(channel));
            try {
                channel.write(ByteBuffer.wrap(start.getBytes(StandardCharsets.ISO_8859_1)));
                while (!said.isDone()) {
                    assertTrue((System.nanoTime() - from) / 1_000_000 < millisMax, "still open");
                    channel.write(ByteBuffer.wrap(more.getBytes(StandardCharsets.ISO_8859_1)));
                    Thread.sleep(100);
                }
            } catch (IOException closed) {
                // The door has had enough.
            }
            return said.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aBodyThatComesByteForByteHoldsItsRequestForEver() throws Exception {
        String post = "POST /v1/groups HTTP/1.1\r\nHost: x\r\n";
        for (String start : List.of(
                post + "Content-Length: 900\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\n\r\n",
                "GET /v1/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")) {
            String more = start.contains("POST") && start.contains("chunked")
                    ? "1\r\nx\r\n"
                    : start.contains("GET") ? "" : "x";
            String answer = drip(start, more, 10_000);
            assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
            assertTrue(answer.contains("\"code\":\"request-timeout\"") && answer.contains("onnection: close"), answer);
        }
        assertEquals(0, reached.get());
        assertTrue(say("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: ",
                "",
                "GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\nGET /"
            })
    void aHeadThatComesByteForByteHoldsItsConnectionForEver(String start) throws Exception {
        String answer = drip(start, start.isEmpty() ? "\r\n" : "y", 10_000);
        assertEquals(start.contains("\r\n\r\n"), answer.startsWith("HTTP/1.1 200"), answer);
    }

    @Test
    void anAnswerThatNobodyReadsIsHeldForEver() throws Exception {
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(
                    ByteBuffer.wrap("GET /v1/large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)));
            ByteBuffer little = ByteBuffer.allocate(16 << 10);
            long from = System.nanoTime();
            long read = 0;
            int n = 0;
            try {
                while ((System.nanoTime() - from) / 1_000_000 < 4_000) {
                    n = channel.read(little.clear());
                    read += Math.max(0, n);
                    Thread.sleep(100);
                }
                while (n >= 0) {
                    n = channel.read(little.clear());
                    read += Math.max(0, n);
                }
            } catch (IOException reset) {
                n = -1;
            }
            assertTrue(read < 8 << 20, "all " + read + " bytes came");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void answersThatNobodyReadsTakeAllMemory(String kind) throws Exception {
        door.close();
        DoorLimits roomy = new DoorLimits(4, 64 << 10, 9 << 20, 8, 40_000, 60_000, 8 << 20);
        if (kind.equals("tcp")) {
            door = Door.loopback(0, router, roomy, faults::add);
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port());
        } else {
            door = Door.unix(
                    folder.resolve("node.sock"),
                    false,
                    Users.only(Set.of(Files.getOwner(folder).getName())),
                    router,
                    roomy,
                    faults::add);
        }
        String large = "GET /v1/large HTTP/1.1\r\nHost: x\r\n";
        try (SocketChannel silent = kind.equals("tcp") ? SocketChannel.open() : SocketChannel.open(UNIX)) {
            // Else the kernel takes it all.
            silent.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            silent.connect(address);
            silent.write(ByteBuffer.wrap((large + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
            ByteBuffer first = ByteBuffer.allocate(12);
            silent.read(first);
            assertEquals("HTTP/1.1 200", new String(first.array(), StandardCharsets.ISO_8859_1));
            String more = large + "Connection: close\r\n\r\n";
            String answer = say(more);
            assertTrue(answer.startsWith("HTTP/1.1 503") && answer.contains("\"code\":\"busy\""), answer);
            assertTrue(answer.contains("\r\nRetry-After: 1\r\n"), answer);
            assertTrue(say(GET).startsWith("HTTP/1.1 200"), "small answers are held up, too");
            assertTrue(
                    say(POST.replace("/v1/groups", "/v1/batch")).startsWith("HTTP/1.1 200"),
                    "what was written is answered as if it were not");
            long from = System.nanoTime();
            while (!say(more).startsWith("HTTP/1.1 200")) {
                assertTrue(
                        (System.nanoTime() - from) / 1_000_000 < 30_000, "whoever does not read keeps the others out");
                Thread.sleep(100);
            }
        }
        assertTrue(say(large + "Connection: close\r\n\r\n").startsWith("HTTP/1.1 200"), "the room was not given back");
    }

    @Test
    void anAnswerInManyPiecesIsCutOff() throws Exception {
        assertEquals(
                8 << 20,
                say("GET /v1/large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .split("\r\n\r\n", 2)[1]
                        .length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/status", "/v1/streams/a/b", "/tile/0/x001/234", "/v1/large", "/v1/nothing", "/v1/bug"})
    void aHeadIsAnsweredOtherwiseThanItsGet(String path) throws IOException {
        String end = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        String head = say("HEAD " + path + end);
        assertEquals(say("GET " + path + end).split("\r\n\r\n", 2)[0] + "\r\n\r\n", head);
        assertTrue(head.contains("Content-Length: "), head);
    }

    @Test
    void whatAPathTakesIsNotSaid() throws IOException {
        String end = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        assertTrue(say("POST /v1/status" + end).contains("\r\nAllow: GET, HEAD\r\n"));
        String head = say("HEAD /v1/groups" + end);
        assertTrue(head.startsWith("HTTP/1.1 405") && head.contains("\r\nAllow: POST\r\n"), head);
    }

    @Test
    void tooManyRequestsAtOnceAreAllTaken() throws Exception {
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(Thread.ofVirtual()
                    .start(() -> quietly("GET /v1/slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
        }
        assertTrue(inside.await(30, TimeUnit.SECONDS), "the four did not all come in");
        String answer = say("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 503") && answer.contains("\"code\":\"busy\""), answer);
        leave.countDown();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertTrue(say("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
    }

    @Test
    void whatIsNotHttpIsAnsweredInAnotherForm() throws IOException {
        String answer = say("\u0000\u0001garbage\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400") && answer.contains("http-syntax"), answer);
        String long_ = say("GET /v1/status HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");
        assertTrue(long_.startsWith("HTTP/1.1 431") && long_.contains("http-syntax"), long_);
        String far = say("GET /" + "y".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertTrue(far.startsWith("HTTP/1.1 414") && far.contains("http-syntax"), far);
        String old = say("GET /v1/status\r\n");
        assertTrue(old.startsWith("HTTP/1.1 505") && old.contains("http-syntax") && old.contains("\"you\""), old);
    }

    @Test
    void anErrorOfTheServersOwnIsKeptByACache() throws IOException {
        String end = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        Map<Integer, String> refused = Map.of(
                400, "GET /v1/a%2Fb" + end,
                414, "GET /" + "y".repeat(20_000) + end,
                426, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                431, "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n",
                500, "GET /v1/error" + end,
                505, "GET /v1/status\r\n");
        refused.forEach((status, request) -> {
            String answer = assertDoesNotThrow(() -> say(request));
            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
            assertTrue(answer.contains("\r\nCache-Control: no-store\r\n"), answer);
            assertTrue(answer.contains("\r\nX-Content-Type-Options: nosniff\r\n"), answer);
        });
    }

    @Test
    void anAnswerToHeadHasABodyWhereTheServerRefuses() throws IOException {
        for (String head : List.of("/v1/status HTTP/1.1\r\n", "/v1/error HTTP/1.1\r\nHost: x\r\n")) {
            String answer = say("HEAD " + head + "Connection: close\r\n\r\n");
            assertTrue(answer.matches("(?s)HTTP/1.1 [45]00 .*\r\n\r\n"), answer);
            assertFalse(answer.contains("{"), answer);
        }
    }

    @Test
    void aRequestOfHttp10NeedsAHost() throws IOException {
        String answer = say("GET /v1/status HTTP/1.0\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(say("GET /v1/status HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 400"));
    }

    @Test
    void anErrorOfTheServersOwnIsTheCallersTurn() throws IOException {
        String answer = say("GET /v1/error HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 500"), answer);
        assertTrue(answer.contains("\"code\":\"internal\"") && answer.contains("\"owner\":\"operator\""), answer);
        assertFalse(answer.contains("secret"), answer);
    }

    @Test
    void theTcpDoorIsOpenBeyondThisMachine() throws IOException {
        try (Door tcp = Door.loopback(0, router, SMALL, faults::add)) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.port());
            assertTrue(say("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .contains("\"peer\":\"\""));
        }
    }

    /** A door with 8 places, on either kind of socket. */
    private void crowded(String kind) throws IOException {
        door.close();
        if (kind.equals("tcp")) {
            door = Door.loopback(0, router, CROWDED, faults::add);
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port());
        } else {
            String user = Files.getOwner(folder).getName();
            door = Door.unix(
                    folder.resolve("node.sock"), false, Users.only(Set.of(user)), router, CROWDED, faults::add);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void connectionsOverTheLimitCloseTheDoorForGood(String kind) throws Exception {
        crowded(kind);
        for (int round = 0; round < 20; round++) {
            List<SocketChannel> silent = new ArrayList<>();
            for (int i = 0; i < 8 + round; i++) {
                silent.add(SocketChannel.open(address));
            }
            for (SocketChannel channel : silent) {
                channel.close();
            }
            String answer = inTime(GET);
            assertTrue(answer.startsWith("HTTP/1.1 200"), "round " + round + ": " + answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void aRequestBehindAFullDoorIsLost(String kind) throws Exception {
        crowded(kind);
        List<CompletableFuture<String>> slow = fourSlow();
        List<CompletableFuture<String>> more = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            more.add(later(POST));
        }
        for (CompletableFuture<String> answer : more) {
            String said = answer.get(60, TimeUnit.SECONDS);
            assertTrue(said.startsWith("HTTP/1.1 503"), said);
        }
        leave.countDown();
        for (CompletableFuture<String> answer : slow) {
            assertTrue(answer.get(60, TimeUnit.SECONDS).startsWith("HTTP/1.1 200"));
        }
        assertTrue(inTime(GET).startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void anOpenConnectionIsNotAnsweredWhileTheDoorIsFull(String kind) throws Exception {
        crowded(kind);
        List<SocketChannel> held = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            held.add(SocketChannel.open(address));
        }
        try (SocketChannel kept = SocketChannel.open(address)) {
            assertTrue(ask(kept).startsWith("HTTP/1.1 200"));
            for (int i = 0; i < 6; i++) {
                held.add(SocketChannel.open(address));
                assertTrue(ask(kept).startsWith("HTTP/1.1 200"));
            }
            for (SocketChannel channel : held) {
                channel.close();
            }
            assertTrue(ask(kept).startsWith("HTTP/1.1 200"));
        }
        assertTrue(inTime(GET).startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @CsvSource({"unix, ''", "tcp, ''", "unix, GET /v1/sta", "tcp, GET /v1/sta"})
    void whoHoldsAllConnectionsKeepsTheOthersOut(String kind, String begun) throws Exception {
        crowded(kind);
        List<SocketChannel> held = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                SocketChannel channel = SocketChannel.open(address);
                channel.write(ByteBuffer.wrap(begun.getBytes(StandardCharsets.ISO_8859_1)));
                held.add(channel);
            }
            long from = System.nanoTime();
            String answer = inTime(GET);
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            assertTrue(
                    (System.nanoTime() - from) / 1_000_000 < CROWDED.idleMillisMax(),
                    "it came as late as for the idle time");
        } finally {
            for (SocketChannel channel : held) {
                channel.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void anAnswerIsCutOffToMakeRoom(String kind) throws Exception {
        crowded(kind);
        List<CompletableFuture<String>> slow = fourSlow();
        List<SocketChannel> held = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            held.add(SocketChannel.open(address));
        }
        assertTrue(inTime(GET).startsWith("HTTP/1.1 503"));
        leave.countDown();
        for (CompletableFuture<String> answer : slow) {
            assertTrue(answer.get(60, TimeUnit.SECONDS).startsWith("HTTP/1.1 200"));
        }
        for (SocketChannel channel : held) {
            channel.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void aFullDoorCannotBeClosed(String kind) throws Exception {
        crowded(kind);
        List<SocketChannel> held = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            held.add(SocketChannel.open(address));
        }
        CompletableFuture.runAsync(door::close).get(20, TimeUnit.SECONDS);
        for (SocketChannel channel : held) {
            channel.close();
        }
    }

    /** As many requests as are answered at once, on their way until {@link #leave}. */
    private List<CompletableFuture<String>> fourSlow() throws Exception {
        List<CompletableFuture<String>> slow = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            slow.add(later("GET /v1/slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        }
        assertTrue(inside.await(30, TimeUnit.SECONDS), "the four did not all come in");
        return slow;
    }

    /** Asks on a connection that stays open; answers what came first. */
    private static String ask(SocketChannel channel) throws IOException {
        channel.write(
                ByteBuffer.wrap("GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)));
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        channel.read(buffer);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }

    private CompletableFuture<String> later(String request) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(say(request));
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private String inTime(String request) throws Exception {
        return later(request).get(60, TimeUnit.SECONDS);
    }

    private void quietly(String request) {
        try {
            say(request);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Sends bytes and reads until the other side closes. */
    private String say(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
            return rest(channel);
        }
    }

    private static String rest(SocketChannel channel) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                out.write(buffer.array(), 0, buffer.position());
            }
        } catch (IOException reset) {
            // An answer that came before the reset counts.
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
