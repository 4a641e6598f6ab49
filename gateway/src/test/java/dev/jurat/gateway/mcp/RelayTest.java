package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.testkit.npm.NpmPackages;
import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pump before npm's own servers, with a guard that lets everything pass: what the client sees is what it sees without the pump. */
class RelayTest {
    @TempDir
    Path folder;

    /** Lets everything pass and remembers what it saw. */
    private static final class OpenGuard implements Guard {
        final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        final Semaphore gate = new Semaphore(1);

        private record Use(String name, byte[] line) implements OpenUse {
            @Override
            public boolean stillGoes() {
                return true;
            }

            @Override
            public boolean holds() {
                return true;
            }
        }

        @Override
        public void notSent(OpenUse use, Refusal refusal) {
            seen.add("not sent " + refusal.code());
        }

        @Override
        public boolean clientTellsRoots() {
            seen.add("roots");
            return true;
        }

        @Override
        public Passage admit(GovernedCall call, Waiting waiting) {
            seen.add("admit " + call.method() + " " + call.target());
            gate.acquireUninterruptibly();
            gate.release();
            return new Passage.Go(new Use(call.target(), call.message().bytes()));
        }

        @Override
        public void outcome(OpenUse use, ExecutionFacts.Result result, Optional<Wire> answer, Duration took) {
            seen.add("outcome " + ((Use) use).name() + " " + result);
        }

        @Override
        public void refused(Verdict.Refused refused) {
            seen.add("refused " + refused.code() + " "
                    + refused.message().map(Message::method).orElse(""));
        }

        @Override
        public void observed(String method, Wire matter) {
            seen.add("observed " + method);
        }

        @Override
        public void tools(byte[] artefact, List<String> names, long bytes) {
            seen.add("tools " + names.size());
        }
    }

    private List<String> script() {
        String read = "{\"name\":\"read_text_file\",\"arguments\":{\"path\":\"" + folder.resolve("a.txt") + "\"}}";
        return List.of(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"two\",\"method\":\"tools/call\",\"params\":" + read + "}",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"read_text_file\",\"arguments\":{}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\"}");
    }

    /** Sends line by line, waiting for each answer. */
    private static List<String> talk(OutputStream out, BufferedReader in, List<String> script) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String line : script) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (line.contains("\"id\"")) {
                answers.add(in.readLine());
            }
        }
        return answers;
    }

    private static final String HANDSHAKE =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";

    private static String call(String name) {
        return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"" + name + "\"}}\n";
    }

    /** A pipe that does not mind that the thread that wrote last has ended. */
    private static final class PatientPipe extends PipedInputStream {
        private static final List<String> ENDED = List.of("Write end dead", "Pipe broken");

        PatientPipe() {
            super(65536);
        }

        @Override
        public synchronized int read() throws IOException {
            while (true) {
                try {
                    return super.read();
                } catch (IOException e) {
                    if (!ENDED.contains(e.getMessage())) {
                        throw e;
                    }
                }
                try {
                    wait(5);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }

    /** Both sides of a relay in hand: what either side wrote, when the test says so. */
    private static final class Hands implements AutoCloseable {
        final OpenGuard guard = new OpenGuard();
        final PipedOutputStream fromClient = new PipedOutputStream();
        final PipedOutputStream fromServer = new PipedOutputStream();
        final BufferedReader atServer;
        final PipedInputStream toClient = new PipedInputStream(64);
        final BufferedReader atClient;
        /** What a line has that breaks the pipe to the server. */
        volatile Optional<String> breaks = Optional.empty();

        Hands() throws IOException {
            PipedInputStream toServer = new PatientPipe();
            Relay relay = new Relay(
                    new Relay.Ends(
                            new PipedInputStream(fromClient, 65536),
                            new PipedOutputStream(toClient),
                            new PipedInputStream(fromServer, 65536),
                            breaking(new PipedOutputStream(toServer))),
                    guard,
                    new ToolList(),
                    new Commands(""));
            atServer = lines(toServer);
            atClient = lines(toClient);
            Thread.ofVirtual().start(() -> RelayTest.run(relay));
        }

        private OutputStream breaking(OutputStream out) {
            return new FilterOutputStream(out) {
                @Override
                public void write(byte[] line) throws IOException {
                    if (breaks.map(new String(line, StandardCharsets.UTF_8)::contains)
                            .orElse(false)) {
                        throw new IOException("Broken pipe");
                    }
                    out.write(line);
                }
            };
        }

        /** Waits until the guard has heard this. */
        void heard(String what) throws InterruptedException {
            while (!guard.seen.contains(what)) {
                Thread.sleep(5);
            }
        }

        void client(String line) throws IOException {
            fromClient.write(line.getBytes(StandardCharsets.UTF_8));
            fromClient.flush();
        }

        void server(String line) throws IOException {
            fromServer.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            fromServer.flush();
        }

        void open() throws IOException {
            client(HANDSHAKE + "\n");
            atServer.readLine();
            server(
                    "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{}}}");
            atClient.readLine();
        }

        /** The handshake, and the list of tools that the relay asks for. */
        void shake() throws IOException {
            open();
            client("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n");
            atServer.readLine();
            server("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[]}}");
            atClient.readLine();
        }

        @Override
        public void close() throws IOException {
            fromClient.close();
            fromServer.close();
        }
    }

    @Test
    @Timeout(30)
    void idUsedAgainBeforeItsAnswerWasReadDoesNotSwapOutcomes() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.client(call("first"));
            hands.atServer.readLine();
            String filler = "x".repeat(4000);
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"isError\":true,\"content\":[],\"f\":\"" + filler
                    + "\"}}");
            // The client does not read, so the answer is on its way; its id is free already.
            String second = null;
            while (second == null) {
                hands.client(call("second"));
                Thread.sleep(50);
                second = hands.atServer.ready() ? hands.atServer.readLine() : null;
            }
            while (!hands.atClient.readLine().contains(filler)) {}
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}");
            hands.atClient.readLine();
            while (hands.guard.seen.stream()
                            .filter(s -> s.startsWith("outcome"))
                            .count()
                    < 2) {
                hands.atClient.ready();
                Thread.sleep(10);
            }
            assertEquals(
                    List.of("outcome first TOOL_ERROR", "outcome second SUCCESS"),
                    hands.guard.seen.stream()
                            .filter(s -> s.startsWith("outcome"))
                            .toList());
        }
    }

    @Test
    @Timeout(30)
    void aCallAfterAFirstPageHasTheWholeListRead() throws Exception {
        try (Hands hands = new Hands()) {
            hands.open();
            hands.client("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n");
            hands.atServer.readLine();
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[],\"nextCursor\":\"2\"}}");
            hands.atClient.readLine();
            hands.client(call("rug"));
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":" + asked(hands, "\"params\":{}")
                    + ",\"result\":{\"tools\":[],\"nextCursor\":\"2\"}}");
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":" + asked(hands, "\"params\":{\"cursor\":\"2\"}")
                    + ",\"result\":{\"tools\":[{\"name\":\"rug\"}]}}");
            assertTrue(hands.atServer.readLine().contains("tools/call"));
            assertTrue(hands.guard.seen.contains("tools 1"), hands.guard.seen.toString());
        }
    }

    /** Whoever wrote it was cut off, and the message may be another than was meant. */
    @Test
    @Timeout(30)
    void whatTheInputEndsWithWithoutALineEndIsAMessage() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.client("{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"ping\"}\n");
            assertTrue(hands.atServer.readLine().contains("ping"));
            hands.client(call("cut").strip());
            hands.fromClient.close();
            assertTrue(hands.atClient.readLine().contains("line-unfinished"));
            hands.heard("refused line-unfinished ");
            assertNull(hands.atServer.readLine());
            assertFalse(hands.guard.seen.contains("admit tools/call cut"), hands.guard.seen.toString());
        }
    }

    @Test
    @Timeout(30)
    void whatTheServerEndsWithWithoutALineEndIsAnAnswer() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.client(call("cut"));
            assertTrue(hands.atServer.readLine().contains("cut"));
            hands.fromServer.write(
                    "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}".getBytes(StandardCharsets.UTF_8));
            hands.fromServer.close();
            assertTrue(hands.atClient.readLine().contains("outcome-unknown"));
            hands.heard("refused line-unfinished ");
            hands.heard("outcome cut UNKNOWN");
        }
    }

    @Test
    @Timeout(30)
    void blanksBeforeTheEndOfTheInputAreRefused() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.client(" \r");
            hands.fromClient.close();
            assertNull(hands.atServer.readLine());
            assertFalse(hands.guard.seen.contains("refused line-unfinished "), hands.guard.seen.toString());
        }
    }

    /** The id of the wrapper's own question for the list, which has these params. */
    private static String asked(Hands hands, String params) throws IOException {
        String line = hands.atServer.readLine();
        assertTrue(line.contains("tools/list") && line.contains(params), line);
        return line.substring(line.indexOf("\"jurat-"), line.indexOf(",\"method\""));
    }

    @Test
    @Timeout(30)
    void aCallThatIsHeldIsAnsweredByTheServer() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.guard.gate.acquire();
            hands.client(call("held"));
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[\"forged\"]}}");
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"ping\"}");
            assertTrue(hands.atClient.readLine().contains("ping"), "the forged answer goes nowhere");
            assertTrue(hands.guard.seen.contains("refused id-unknown "), hands.guard.seen.toString());
            hands.guard.gate.release();
            assertTrue(hands.atServer.readLine().contains("held"));
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[\"true\"]}}");
            assertTrue(hands.atClient.readLine().contains("true"));
            while (!hands.guard.seen.contains("outcome held SUCCESS")) {
                Thread.sleep(5);
            }
        }
    }

    @Test
    @Timeout(30)
    void aMalformedAnswerLeavesItsRequestWaiting() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            for (String answer : List.of(
                    "{\"jsonrpc\":\"1.0\",\"id\":7,\"result\":{}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{},\"error\":null}",
                    "[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}]")) {
                hands.guard.seen.clear();
                hands.client(call("a"));
                hands.atServer.readLine();
                hands.server(answer);
                String told = hands.atClient.readLine();
                String code = answer.startsWith("[") ? "batch" : "message-form";
                assertTrue(told.contains("\"id\":7,\"result\"") && told.contains(code), told);
                assertTrue(told.contains("Jurat let this call through and has no answer to pass on"), told);
                while (!hands.guard.seen.contains("outcome a TOOL_ERROR")) {
                    Thread.sleep(5);
                }
                assertTrue(hands.guard.seen.contains("refused " + code + " "), hands.guard.seen.toString());
            }
            hands.client(
                    "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\"}\n{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}\n");
            hands.atServer.readLine();
            hands.atServer.readLine();
            hands.server("[{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{}},{\"id\":8,\"result\":1}]");
            assertTrue(hands.atClient.readLine().contains("\"id\":9,\"error\""));
            assertTrue(hands.atClient.readLine().contains("\"id\":8,\"error\""));
        }
    }

    @Test
    @Timeout(30)
    void aMalformedAnswerToTheWrappersOwnQuestionReachesTheClient() throws Exception {
        try (Hands hands = new Hands()) {
            hands.open();
            hands.client(call("a"));
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":" + asked(hands, "") + ",\"result\":[]}");
            assertTrue(hands.atServer.readLine().contains("tools/call"));
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}");
            assertTrue(hands.atClient.readLine().contains("\"id\":7"));
        }
    }

    @Test
    @Timeout(30)
    void aSecondRequestOfAnIdIsAnsweredInPlaceOfTheFirst() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.client(call("a"));
            assertTrue(hands.atServer.readLine().contains("\"a\""));
            hands.client(call("b") + "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\"}\n");
            assertTrue(hands.atServer.readLine().contains("ping"));
            assertTrue(hands.guard.seen.contains("refused id-in-use tools/call"), hands.guard.seen.toString());
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[\"a\"]}}");
            assertTrue(hands.atClient.readLine().contains("[\"a\"]"));
        }
    }

    @Test
    @Timeout(30)
    void aSubscriptionThatIsHeldIsAcknowledged() throws Exception {
        String meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}";
        String acknowledged =
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"notifications\":{},\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":7}}}";
        try (Hands hands = new Hands()) {
            hands.guard.gate.acquire();
            hands.client(
                    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{},"
                            + meta + "}}\n");
            while (hands.guard.seen.isEmpty()) {
                Thread.sleep(5);
            }
            hands.server(acknowledged);
            while (!hands.guard.seen.contains("refused id-unknown notifications/subscriptions/acknowledged")) {
                Thread.sleep(5);
            }
            hands.guard.gate.release();
            assertTrue(hands.atServer.readLine().contains("listen"));
            hands.server(acknowledged);
            assertTrue(hands.atClient.readLine().contains("acknowledged"));
            while (!hands.guard.seen.contains("outcome subscriptions/listen SUCCESS")) {
                Thread.sleep(5);
            }
        }
    }

    @Test
    @Timeout(30)
    void cancellationRightBehindItsCallIsNotOvertaken() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Hands hands = new Hands()) {
                hands.shake();
                hands.guard.gate.acquire();
                hands.client(call("first")
                        + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}\n"
                        + "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\"}\n");
                assertTrue(hands.atServer.readLine().contains("ping"));
                hands.guard.gate.release();
                while (!hands.guard.seen.contains("outcome first NOT_SENT")) {
                    Thread.sleep(5);
                }
            }
        }
    }

    private static String cancelled(String id) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id + "}}";
    }

    private static String ping(String id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}";
    }

    @Test
    @Timeout(30)
    void aCancelledRequestThatIsNoCallStaysInFlight() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            for (int i = 10; i < 10 + Classifier.IN_FLIGHT_MAX; i++) {
                hands.client(ping("" + i) + "\n" + cancelled("" + i) + "\n");
                hands.atServer.readLine();
                hands.atServer.readLine();
            }
            hands.server(ping("\"s\""));
            hands.atClient.readLine();
            hands.server(cancelled("\"s\""));
            hands.atClient.readLine();
            Thread.sleep(5500);
            hands.client(ping("10") + "\n");
            assertTrue(hands.atServer.readLine().contains("\"id\":10"), "the id is free again");
            hands.server("{\"jsonrpc\":\"2.0\",\"id\":10,\"result\":{}}");
            assertTrue(hands.atClient.readLine().contains("\"id\":10"));
            hands.server(ping("\"s\""));
            assertTrue(hands.atClient.readLine().contains("\"s\""), "the server's id, too");
            assertFalse(hands.guard.seen.stream().anyMatch(s -> s.startsWith("refused")), hands.guard.seen.toString());
        }
    }

    @Test
    @Timeout(30)
    void aCallWhoseWriteFailedIsToldAsNotLetThrough() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.breaks = Optional.of("tools/call");
            hands.client(call("a"));
            String told = hands.atClient.readLine();
            assertTrue(told.contains("(outcome-unknown)") && told.contains("Jurat let this call through"), told);
            hands.heard("outcome a UNKNOWN");
        }
    }

    @Test
    @Timeout(30)
    void aLineOfTheServersOverTheLimitLeavesNoRecord() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.client(ping("8") + "\n");
            hands.atServer.readLine();
            // It need not end itself: nobody waits for a line feed that may never come.
            hands.fromServer.write("x".repeat(LineReader.LINE_BYTES_MAX + 1).getBytes(StandardCharsets.UTF_8));
            hands.fromServer.flush();
            assertTrue(hands.atClient.readLine().contains("server-ended"));
            hands.heard("refused line-too-long ");
        }
    }

    @Test
    @Timeout(30)
    void anAnswerOfMoreKeysThanAreReadNeverEndsItsRequest() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.client(call("a"));
            hands.atServer.readLine();
            StringBuilder keys = new StringBuilder("\"k\":1");
            for (int i = 0; i < WireScanner.OPEN_KEYS_MAX + 20_000; i++) {
                keys.append(",\"k").append(i).append("\":1");
            }
            hands.server("{\"jsonrpc\":\"2.0\",\"result\":{" + keys + "},\"id\":7}");
            String told = hands.atClient.readLine();
            assertTrue(told.contains("\"id\":7,") && told.contains("(json-size)"), told);
            hands.heard("outcome a TOOL_ERROR");
        }
    }

    @Test
    @Timeout(30)
    void callsWaitForAListThatNeverComesOneAfterAnother() throws Exception {
        try (Hands hands = new Hands()) {
            hands.open();
            long from = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                hands.client(call("c").replace("\"id\":7", "\"id\":1" + i));
            }
            asked(hands, "");
            for (int i = 0; i < 4; i++) {
                assertTrue(hands.atServer.readLine().contains("tools/call"));
            }
            hands.client(call("c"));
            assertTrue(hands.atServer.readLine().contains("tools/call"));
            long seconds = (System.nanoTime() - from) / 1_000_000_000;
            assertTrue(seconds < 8, "after " + seconds + " s");
            hands.server("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
            hands.atClient.readLine();
            hands.client(call("c").replace("\"id\":7", "\"id\":8"));
            asked(hands, "");
        }
    }

    @Test
    @Timeout(30)
    void aSubscriptionBesideAHandshakeIsNeverAcknowledged() throws Exception {
        try (Hands hands = new Hands()) {
            hands.shake();
            hands.client(
                    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}\n");
            assertTrue(hands.atServer.readLine().contains("listen"));
            hands.server(
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"notifications\":{},\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":7}}}");
            assertTrue(hands.atClient.readLine().contains("acknowledged"));
            hands.heard("outcome subscriptions/listen SUCCESS");
        }
    }

    private static BufferedReader lines(java.io.InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private Process server() throws IOException {
        Optional<NpmPackages> packages = NpmPackages.find();
        Assumptions.assumeTrue(packages.isPresent(), "npm cannot be had");
        Path main = packages.get().folder().resolve("@modelcontextprotocol/server-filesystem/dist/index.js");
        return new ProcessBuilder("node", main.toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void filesystemServerAnswersByteForByteAsWithoutThePump() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "grüße\n");
        Process direct = server();
        List<String> expected = talk(direct.getOutputStream(), lines(direct.getInputStream()), script());
        direct.getOutputStream().close();
        Process behind = server();
        OpenGuard guard = new OpenGuard();
        try (PipedInputStream clientIn = new PipedInputStream(1 << 16);
                PipedOutputStream toRelay = new PipedOutputStream(clientIn);
                PipedInputStream fromRelay = new PipedInputStream(1 << 20);
                PipedOutputStream clientOut = new PipedOutputStream(fromRelay)) {
            Relay relay = new Relay(
                    new Relay.Ends(clientIn, clientOut, behind.getInputStream(), behind.getOutputStream()),
                    guard,
                    new ToolList(),
                    new Commands(""));
            Thread pump = Thread.ofPlatform().start(() -> run(relay));
            assertEquals(expected, talk(toRelay, lines(fromRelay), script()));
            toRelay.close();
            pump.join(Duration.ofSeconds(10));
            assertTrue(behind.waitFor(10, java.util.concurrent.TimeUnit.SECONDS));
        }
        // An outcome is recorded after the client has its answer, so the order among calls is free.
        assertEquals(
                List.of(
                        "admit tools/call read_text_file",
                        "admit tools/call read_text_file",
                        "outcome read_text_file SUCCESS",
                        "outcome read_text_file TOOL_ERROR",
                        "tools 14"),
                guard.seen.stream().sorted().toList());
    }

    private static void run(Relay relay) {
        try {
            relay.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
