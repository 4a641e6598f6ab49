package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.gateway.mcp.FakeNode.Fault;
import dev.jurat.gateway.mcp.FakeNode.Policy;
import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The wrapper as a process, before a node with the real admission rules and a server that counts its calls. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class WrapTest {
    @TempDir
    Path folder;

    private Path socket = Path.of("");
    private Path calls = Path.of("");
    private JuratHome home = new JuratHome(Path.of(""));
    private FakeNode node;

    @BeforeEach
    void start() throws IOException {
        socket = Files.createTempDirectory("jurat").resolve("n.sock");
        calls = folder.resolve("calls");
        home = Wrapped.enrolled(folder.resolve("home"));
        node = FakeNode.claimed(socket);
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
        Files.deleteIfExists(socket.getParent());
    }

    private Wrapped wrap(String... options) throws IOException, InterruptedException {
        Wrapped wrapped = Wrapped.start(home, socket, List.of(options), WrapProgram.server(calls));
        wrapped.handshake();
        return wrapped;
    }

    /** A first call, so that the list of tools is on the ledger and nothing else is on its way. */
    private void settle(Wrapped wrapped) throws IOException, InterruptedException {
        wrapped.call(90, "count", "{}");
        wrapped.answer(90);
        while (node.results().isEmpty()) {
            Thread.sleep(10);
        }
    }

    private int ran() throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    @Test
    void callGoesOutWithExactBytesAndLeavesUseAndOutcome() throws Exception {
        try (Wrapped wrapped = wrap()) {
            String line =
                    "{ \"jsonrpc\" : \"2.0\",\"method\":\"tools/call\", \"params\":{\"name\":\"count\",\"arguments\":{\"n\" : 1.50e3}},\"id\":1}";
            wrapped.send(line);
            assertTrue(wrapped.answer(1).contains("done"));
            assertEquals(0, wrapped.end());
            assertEquals(List.of(line), Files.readAllLines(calls));
        }
        assertEquals(1, node.records(Kind.USE).size());
        assertEquals(List.of(Result.SUCCESS), node.results());
        assertEquals(2, node.records(Kind.SESSION_END).size());
        assertEquals(1, node.records(Kind.OBSERVATION).size());
    }

    @Test
    void deniedCallDoesNotRunAndSaysWhy() throws Exception {
        node.policy(Policy.DENY);
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{}");
            String answer = wrapped.answer(1);
            assertTrue(
                    answer.contains("\"isError\":true")
                            && answer.contains("outside-root")
                            && answer.contains("stay inside"),
                    answer);
            wrapped.end();
        }
        assertEquals(0, ran());
        assertEquals(1, node.records(Kind.REFUSAL).size());
    }

    @Test
    void resourcesAndPromptsAreGovernedToo() throws Exception {
        node.policy(Policy.DENY);
        try (Wrapped wrapped = wrap()) {
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"file:///etc/passwd\"}}");
            assertTrue(wrapped.answer(1).contains("\"error\""));
            wrapped.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"prompts/get\",\"params\":{\"name\":\"p\"}}");
            assertTrue(wrapped.answer(2).contains("-32053"));
            wrapped.end();
        }
        assertEquals(2, node.records(Kind.INTENT).size());
    }

    @Test
    void duplicateKeysAreRefusedBeforeAnyDecision() throws Exception {
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{\"path\":\"/a\",\"path\":\"/b\"}");
            assertTrue(wrapped.next(10).contains("json-duplicate-key"));
            wrapped.end();
        }
        assertEquals(0, ran());
        assertEquals(0, node.records(Kind.INTENT).size());
        assertEquals(1, node.records(Kind.REFUSAL).size());
    }

    @Test
    void approvalOfOneCallDoesNotLetAnotherOneGo() throws Exception {
        node.policy(Policy.PENDING);
        try (Wrapped wrapped = wrap("--hold", "1")) {
            wrapped.call(1, "count", "{\"n\":1}");
            String answer = wrapped.answer(1);
            assertTrue(answer.contains("jurat approve --home " + home.folder() + " "), answer);
            String known = "jurat profile publish --home " + home.folder() + " PROFILE";
            assertTrue(answer.contains(known) && answer.contains("two people. An administrator"), answer);
            assertEquals(0, ran());
            node.approveAll();
            wrapped.call(2, "count", "{\"n\":2}");
            assertTrue(wrapped.answer(2).contains("approval-pending"));
            assertEquals(0, ran());
            wrapped.end();
        }
    }

    @Test
    void approvalGivenWhileTheCallIsHeldLetsItGo() throws Exception {
        node.policy(Policy.PENDING);
        try (Wrapped wrapped = wrap("--hold", "20")) {
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"_meta\":{\"progressToken\":\"t\"}}}");
            String progress = wrapped.next(20);
            assertTrue(
                    progress.contains("notifications/progress") && progress.contains("\"progressToken\":\"t\""),
                    progress);
            node.approveAll();
            assertTrue(wrapped.answer(1).contains("done"));
            wrapped.end();
        }
        assertEquals(1, ran());
    }

    @Test
    void modelIsToldToWaitThoughAPersonRevokedTheSession() throws Exception {
        node.policy(Policy.RANGED);
        try (Wrapped wrapped = wrap()) {
            settle(wrapped);
            node.revokeSession();
            wrapped.call(1, "count", "{}");
            String answer = wrapped.answer(1);
            assertTrue(answer.contains("(session-suspended): this session is suspended: a person revoked it"), answer);
            assertTrue(answer.contains("restarts the client") && !answer.contains("wait a little"), answer);
            wrapped.end();
        }
        assertEquals(1, ran());
    }

    @Test
    void rangedIdentityServesManyCallsInParallel() throws Exception {
        node.policy(Policy.RANGED);
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{}");
            wrapped.answer(1);
            Set<Integer> open = new TreeSet<>();
            for (int id = 2; id < 22; id++) {
                wrapped.call(id, "count", "{\"n\":" + id + "}");
                open.add(id);
            }
            for (int i = 0; i < 20; i++) {
                String line = wrapped.next(20);
                assertTrue(line.contains("done"), line);
            }
            wrapped.end();
        }
        assertEquals(21, ran());
        assertEquals(21, node.records(Kind.USE).size());
        assertEquals(Collections.nCopies(21, Result.SUCCESS), node.results());
        assertEquals(1, node.records(Kind.INTENT).size());
    }

    /** The wrapper takes it to be good for longer than the ledger does. */
    @Test
    void anIdentityThatHasRunOutAtTheLedgerAloneRefusesACall() throws Exception {
        node.policy(Policy.RANGED);
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{}");
            assertTrue(wrapped.answer(1).contains("done"));
            node.later(Duration.ofSeconds(55));
            wrapped.call(2, "count", "{}");
            String answer = wrapped.answer(2);
            assertTrue(answer.contains("done"), answer);
            wrapped.end();
        }
        assertEquals(2, ran());
        assertEquals(2, node.records(Kind.INTENT).size());
    }

    private static void twentyAtOnce(Wrapped wrapped) throws Exception {
        for (int id = 1; id <= 20; id++) {
            wrapped.call(id, "count", "{\"n\":" + id + "}");
        }
        for (int i = 0; i < 20; i++) {
            String line = wrapped.next(20);
            assertTrue(line.contains("done"), line);
        }
    }

    @Test
    void callsBeyondTheUsesOfAContractAreDecidedAgainEvenInParallel() throws Exception {
        node.policy(Policy.RANGED);
        node.uses(3);
        try (Wrapped wrapped = wrap()) {
            twentyAtOnce(wrapped);
            wrapped.end();
        }
        assertEquals(20, ran());
        assertEquals(20, node.records(Kind.USE).size());
        assertEquals(0, node.records(Kind.REFUSAL).size());
        assertTrue(node.records(Kind.INTENT).size() >= 7);
    }

    @Test
    void argumentBeyondARangedContractIsRefusedAtTheBoundary() throws Exception {
        node.policy(Policy.RANGED);
        node.limits(Limits.read(CanonicalJson.readLoose(
                "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"maximum\":5}},\"required\":[\"n\"]}"
                        .getBytes(StandardCharsets.UTF_8))));
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{\"n\":5}");
            assertTrue(wrapped.answer(1).contains("done"));
            wrapped.call(2, "count", "{\"n\":6}");
            String answer = wrapped.answer(2);
            assertTrue(answer.contains("\"isError\":true") && answer.contains("beyond-"), answer);
            wrapped.end();
        }
        assertEquals(1, ran());
        assertEquals(1, node.records(Kind.REFUSAL).size());
        assertTrue(node.records(Kind.REFUSAL)
                .getFirst()
                .header()
                .references()
                .optional("identity")
                .isPresent());
    }

    /** One attempt among thousands of lines that are no messages: it is recorded by itself, and so is how many the others were. */
    @Test
    void aRefusalIsHiddenBehindThousandsOfOthers() throws Exception {
        int noise = 2000;
        try (Wrapped wrapped = wrap()) {
            wrapped.send("x\n".repeat(noise) + "x");
            wrapped.call(1, "count", "{\"path\":\"/a\",\"path\":\"/b\"}");
            wrapped.send("x\n".repeat(noise) + "x");
            List<String> told = new ArrayList<>();
            while (told.size() < 2 * noise + 3) {
                told.add(wrapped.next(30));
            }
            assertTrue(told.stream().anyMatch(line -> line.contains("json-duplicate-key")));
            wrapped.end();
        }
        List<String> codes = refusals();
        assertEquals(1, Collections.frequency(codes, "json-duplicate-key"));
        int alone = Collections.frequency(codes, "json-syntax");
        assertTrue(alone >= 512 && alone < 2 * noise, "recorded by itself: " + alone);
        assertEquals(2 * noise + 2, alone + folded("json-syntax"));
    }

    /** The sum of what the records say that stand for several refusals of this code. */
    private int folded(String code) {
        return node.bodies(Kind.REFUSAL).stream()
                .map(body -> Pattern.compile("[:,] " + code + " ([0-9]+)").matcher(body))
                .filter(Matcher::find)
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }

    /** A node that hands out what was approved for the same software over other data. */
    @Test
    void aContractForAServerThatWasStartedInAnotherWayIsUsed() throws Exception {
        node.launch(Hash.of(new byte[] {1}));
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{\"n\":1}");
            String answer = wrapped.answer(1);
            assertTrue(answer.contains("\"isError\":true") && answer.contains("beyond-assumption"), answer);
            wrapped.end();
        }
        assertEquals(0, ran());
        assertEquals(0, node.records(Kind.USE).size());
    }

    private static final String STATELESS =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private List<String> refusals() {
        return node.records(Kind.REFUSAL).stream()
                .map(r -> ((ExecutionFacts.Refusal) r.statement().facts()).code())
                .toList();
    }

    @Test
    void callDecidedOnBeforeTheClientToldItsFoldersIsNotSent() throws Exception {
        node.policy(Policy.PENDING);
        try (Wrapped wrapped = wrap("--hold", "20", "--root", folder.toString())) {
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{\"path\":\"a\"},\"_meta\":{\"progressToken\":1}}}");
            assertTrue(wrapped.next(20).contains("progress"));
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"slow\",\"inputResponses\":{\"r\":{\"roots\":[{\"uri\":\"file:///\"}]}},"
                            + STATELESS + "}}");
            wrapped.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}");
            wrapped.answer(3);
            node.approveAll();
            String answer = wrapped.answer(1);
            assertTrue(answer.contains("roots-changed"), answer);
            wrapped.end();
        }
        assertFalse(Files.exists(calls) && Files.readString(calls).contains("\"id\":1,"));
        assertTrue(refusals().contains("roots-changed"), refusals().toString());
        assertEquals(node.records(Kind.USE).size(), node.results().size());
    }

    @Test
    void clientThatCountedOnTheOperatorsFolderCannotTellItsOwn() throws Exception {
        try (Wrapped wrapped = wrap("--root", folder.toString())) {
            wrapped.call(1, "count", "{\"path\":\"a\"}");
            assertTrue(wrapped.answer(1).contains("done"));
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"inputResponses\":{\"r\":{\"roots\":[{\"uri\":\"file:///\"}]}},"
                            + STATELESS + "}}");
            assertTrue(wrapped.answer(2).contains("roots-late"));
            wrapped.end();
        }
        assertEquals(1, ran());
        assertEquals(List.of("roots-late"), refusals());
    }

    @Test
    void contractThatIsNotEnforcedIsOfNoUseToAPointThatEnforces() throws Exception {
        node.policy(Policy.OBSERVED);
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{}");
            String answer = wrapped.answer(1);
            assertTrue(answer.contains("observed-only"), answer);
            assertTrue(
                    answer.contains("with --observe")
                            && answer.contains("jurat operator enroll --home " + home.folder() + " --name YOU"),
                    answer);
            wrapped.end();
        }
        assertEquals(0, ran());
        assertEquals(List.of("observed-only"), refusals());
    }

    @Test
    void wrapperThatEnforcesSaysHowToGoOnAtANodeThatNobodyHasClaimed() throws Exception {
        node.close();
        node = FakeNode.unclaimed(socket);
        home = Wrapped.enrolled(folder.resolve("newcomer"));
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{}");
            String answer = wrapped.answer(1);
            assertTrue(answer.contains("observed-only") && answer.contains("with --observe"), answer);
            wrapped.end();
        }
        assertEquals(0, ran());
        assertEquals(0, node.records(Kind.USE).size());
        assertEquals(List.of("observed-only"), refusals());
    }

    /** Arguments, other members and _meta stand in bodies as base64. */
    @Test
    void callThatNoBodyHasRoomForIsRefusedBeforeItIsSigned() throws Exception {
        try (Wrapped wrapped = wrap()) {
            settle(wrapped);
            int intents = node.records(Kind.INTENT).size();
            wrapped.call(1, "count", "{\"t\":\"" + "x".repeat(1_700_000) + "\"}");
            assertTooLarge(wrapped.answer(1));
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"_meta\":{\"t\":\""
                            + "x".repeat(1_700_000) + "\"}}}");
            assertTooLarge(wrapped.answer(2));
            wrapped.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"resources/read\",\"params\":{\"uri\":\"memo:"
                    + "x".repeat(1_700_000) + "\"}}");
            assertTooLarge(wrapped.answer(3));
            assertEquals(intents, node.records(Kind.INTENT).size());
            node.large(true);
            wrapped.call(4, "count", "{}");
            assertTooLarge(wrapped.answer(4));
            node.large(false);
            wrapped.call(5, "count", "{\"t\":\"" + "x".repeat(1_500_000) + "\"}");
            assertTrue(wrapped.answer(5).contains("done"));
            wrapped.end();
        }
        assertEquals(2, ran());
        assertEquals(Collections.nCopies(4, "call-too-large"), refusals());
    }

    private static void assertTooLarge(String answer) {
        String said = answer.substring(0, Math.min(800, answer.length()));
        assertTrue(said.contains("call-too-large"), said);
        assertTrue(said.contains("smaller") && !said.contains("wait a little") && !said.contains("doctor"), said);
    }

    @Test
    void longNameOfAMethodDoesNotEndTheSession() throws Exception {
        try (Wrapped wrapped = wrap()) {
            settle(wrapped);
            wrapped.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + "x".repeat(3_000_000) + "\"}");
            assertTrue(wrapped.answer(1).contains("method-unknown"));
            wrapped.call(2, "count", "{}");
            String answer = wrapped.answer(2);
            assertTrue(answer.contains("done"), answer);
            wrapped.end();
        }
        assertEquals(List.of("method-unknown"), refusals());
    }

    @Test
    void signalEndsServerAndSessions() throws Exception {
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "count", "{}");
            wrapped.answer(1);
            wrapped.process().destroy();
            assertTrue(wrapped.process().waitFor(20, TimeUnit.SECONDS));
        }
        assertEquals(List.of(Result.SUCCESS), node.results());
        assertEquals(2, node.records(Kind.SESSION_END).size());
    }

    @Test
    void exactCallsInParallelKeepTheirStreams() throws Exception {
        try (Wrapped wrapped = wrap()) {
            twentyAtOnce(wrapped);
            wrapped.end();
        }
        assertEquals(20, ran());
        assertEquals(20, node.records(Kind.INTENT).size());
        assertEquals(20, node.results().size());
        assertEquals(0, node.records(Kind.CONFLICT).size());
    }

    @Test
    void silentLedgerAtUseMeansNoCall() throws Exception {
        try (Wrapped wrapped = wrap()) {
            settle(wrapped);
            node.fault("/v1/groups", Fault.HANG);
            wrapped.call(1, "count", "{}");
            String answer = wrapped.answer(1);
            assertTrue(answer.contains("ledger-no-answer"), answer);
            wrapped.call(2, "count", "{}");
            assertTrue(wrapped.answer(2).contains("ledger-unreachable"));
            node.fault("/v1/groups", Fault.NONE);
            wrapped.call(3, "count", "{}");
            String third = wrapped.answer(3);
            assertTrue(third.contains("done") || third.contains("ledger-unreachable"), third);
            wrapped.end();
        }
        assertTrue(ran() <= 2);
        assertEquals(node.records(Kind.USE).size(), node.results().size());
        assertTrue(node.results().contains(Result.NOT_SENT), node.results().toString());
    }

    @Test
    void silentBrokerMeansNoCall() throws Exception {
        onlyTheCallAfter(Fault.HANG);
    }

    @Test
    void lostTokenAnswerNeitherRunsNorBreaksTheStream() throws Exception {
        onlyTheCallAfter(Fault.LOSE_ANSWER);
        assertEquals(2, node.records(Kind.INTENT).size());
    }

    /** Of a call while the broker fails and one after it, only the second runs. */
    private void onlyTheCallAfter(Fault fault) throws Exception {
        try (Wrapped wrapped = wrap()) {
            node.fault("/v1/token", fault);
            wrapped.call(1, "count", "{}");
            assertTrue(wrapped.answer(1).contains("ledger-unreachable"));
            node.fault("/v1/token", Fault.NONE);
            wrapped.call(2, "count", "{}");
            assertTrue(wrapped.answer(2).contains("done"));
            wrapped.end();
        }
        assertEquals(1, ran());
        assertEquals(0, node.records(Kind.CONFLICT).size());
    }

    /** Deciding takes longer than an outcome lingers by itself; on a machine that is busy, now and then longer than it lingers for company. */
    @Test
    void anOutcomeGoesAloneWhileTheNextCallIsDecided() throws Exception {
        List<Kind> together = List.of(Kind.OUTCOME, Kind.USE);
        try (Wrapped wrapped = wrap()) {
            settle(wrapped);
            node.tokenTakes(Duration.ofMillis(6));
            for (int id = 1; id <= 300 && !node.groups().contains(together); id++) {
                wrapped.call(id, "count", "{}");
                assertTrue(wrapped.answer(id).contains("done"));
            }
            wrapped.end();
        }
        assertTrue(node.groups().contains(together), node.groups().toString());
    }

    @Test
    void aSecondWrapperClosesTheCallsOfALivingOne() throws Exception {
        try (Wrapped first = wrap()) {
            settle(first);
            first.call(1, "slow", "{}");
            while (ran() < 2) {
                Thread.sleep(10);
            }
            try (Wrapped second = wrap()) {
                second.call(1, "count", "{}");
                assertTrue(second.answer(1).contains("done"));
                second.end();
            }
            assertTrue(first.answer(1).contains("done"));
            first.end();
        }
        assertEquals(List.of(Result.SUCCESS, Result.SUCCESS, Result.SUCCESS), node.results());
    }

    @Test
    void useCommittedWithItsAnswerLostIsClosedAsNotSent() throws Exception {
        try (Wrapped wrapped = wrap()) {
            settle(wrapped);
            node.fault("/v1/groups", Fault.LOSE_ANSWER);
            wrapped.call(1, "count", "{}");
            assertTrue(wrapped.answer(1).contains("ledger-no-answer"));
            node.fault("/v1/groups", Fault.NONE);
            wrapped.end();
        }
        assertEquals(1, ran());
        assertEquals(2, node.records(Kind.USE).size());
        assertEquals(List.of(Result.SUCCESS, Result.NOT_SENT), node.results());
    }

    @Test
    void killedWrapperLeavesUnknownThatTheNextOneRecords() throws Exception {
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "never", "{}");
            while (ran() == 0) {
                Thread.sleep(20);
            }
            wrapped.process().destroyForcibly().waitFor();
        }
        assertEquals(List.of(), node.results());
        try (Wrapped wrapped = wrap()) {
            assertEquals(List.of(Result.UNKNOWN), node.results());
            wrapped.end();
        }
        assertEquals(1, ran());
    }

    /** Names and ids in UTF-8 of two bytes each, and many names: what costs a reader the most. */
    @Test
    void linesWithinTheLimitExhaustTheWrapper() throws Exception {
        String long15 = "\u0436".repeat(15 << 19);
        StringBuilder many = new StringBuilder("\"a\":1");
        for (int i = 0; i < 99_000; i++) {
            many.append(",\"").append(100_000 + i).append("\u0436".repeat(70)).append("\":1");
        }
        try (Wrapped wrapped = wrap()) {
            settle(wrapped);
            for (int i = 1; i <= 3; i++) {
                wrapped.call(i, "big", "{}");
            }
            wrapped.send("{\"jsonrpc\":\"2.0\",\"id\":\"" + long15 + "\",\"method\":\"ping\"}");
            wrapped.send("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\",\"params\":{\"" + long15 + "\":1}}");
            for (String meta : List.of(many.toString(), "\"a\":\"" + long15 + "\"")) {
                wrapped.send("{\"jsonrpc\":\"2.0\",\"id\":\"p" + meta.length()
                        + "\",\"method\":\"ping\",\"params\":{\"_meta\":{" + meta + "}}}");
            }
            wrapped.call(4, "big", "{}");
            Set<String> answered = new TreeSet<>();
            while (answered.size() < 4) {
                String line = wrapped.next(40);
                if (line.length() > 15 << 20) {
                    answered.add(line.substring(0, 30));
                }
            }
            assertEquals(0, wrapped.end());
        }
        assertEquals(
                List.of(Result.SUCCESS, Result.SUCCESS, Result.SUCCESS, Result.SUCCESS, Result.SUCCESS),
                node.results());
    }

    @Test
    void serverThatEndsLeavesTheOutcomeUnknown() throws Exception {
        try (Wrapped wrapped = wrap()) {
            wrapped.call(1, "die", "{}");
            assertTrue(wrapped.answer(1).contains("outcome-unknown"));
            assertEquals(3, wrapped.end());
        }
        assertEquals(List.of(Result.UNKNOWN), node.results());
    }

    @Test
    void serverThatClosesItsOutputAndLivesOnLeavesRequestsUnanswered() throws Exception {
        try (Wrapped wrapped = wrap()) {
            settle(wrapped);
            wrapped.call(1, "never", "{}");
            while (ran() < 2) {
                Thread.sleep(10);
            }
            wrapped.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"prompts/list\"}");
            wrapped.call(2, "mute", "{}");
            List<String> answers = new ArrayList<>(List.of(wrapped.next(20), wrapped.next(20), wrapped.next(20)));
            long answered = System.nanoTime();
            Collections.sort(answers);
            assertTrue(answers.get(0).startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":"), answers.get(0));
            assertTrue(answers.get(0).contains("(outcome-unknown)"), answers.get(0));
            assertTrue(answers.get(1).startsWith("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":"), answers.get(1));
            assertTrue(answers.get(1).contains("(outcome-unknown)"), answers.get(1));
            assertTrue(answers.get(2).contains("\"id\":3,\"error\":{\"code\":-32053"), answers.get(2));
            assertTrue(answers.get(2).contains("\"data\":{\"code\":\"server-ended\""), answers.get(2));
            assertTrue(wrapped.process().waitFor(20, TimeUnit.SECONDS));
            long seconds = (System.nanoTime() - answered) / 1_000_000_000;
            assertTrue(seconds < 5, "ended after " + seconds + " s");
            assertEquals(143, wrapped.process().exitValue());
        }
        assertEquals(List.of(Result.SUCCESS, Result.UNKNOWN, Result.UNKNOWN), node.results());
        assertEquals(2, node.records(Kind.SESSION_END).size());
    }

    @Test
    void callThatWaitsForAPersonIsLeftWaitingForAServerThatIsGone() throws Exception {
        try (Wrapped wrapped = wrap("--hold", "60")) {
            settle(wrapped);
            node.policy(Policy.PENDING);
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"_meta\":{\"progressToken\":1}}}");
            assertTrue(wrapped.next(20).contains("progress"));
            node.policy(Policy.EXACT);
            wrapped.call(2, "die", "{}");
            String answer = wrapped.answer(1);
            assertTrue(answer.contains("(server-ended)"), answer);
            assertTrue(wrapped.process().waitFor(20, TimeUnit.SECONDS));
        }
        assertEquals(2, ran());
        assertEquals(List.of(Result.SUCCESS, Result.UNKNOWN), node.results());
    }

    @Test
    void cancelledWhileWaitingIsNeverSent() throws Exception {
        node.policy(Policy.PENDING);
        try (Wrapped wrapped = wrap("--hold", "3")) {
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"_meta\":{\"progressToken\":1}}}");
            assertTrue(wrapped.next(20).contains("progress"));
            wrapped.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
            node.approveAll();
            Thread.sleep(4000);
            wrapped.end();
        }
        assertEquals(0, ran());
    }

    @Test
    void callThatIsHeldWhenTheClientGoesLeavesNothing() throws Exception {
        try (Wrapped wrapped = wrap("--hold", "60")) {
            settle(wrapped);
            node.policy(Policy.PENDING);
            wrapped.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"_meta\":{\"progressToken\":1}}}");
            assertTrue(wrapped.next(20).contains("progress"));
            assertEquals(0, wrapped.end());
        }
        assertEquals(1, ran());
        assertEquals(List.of("client-gone"), refusals());
        assertEquals(2, node.records(Kind.SESSION_END).size());
    }

    @Test
    void unclaimedNodeLetsAgentAndPointEnrolThemselves() throws Exception {
        node.close();
        node = FakeNode.unclaimed(socket);
        home = new JuratHome(folder.resolve("fresh"));
        try (Wrapped wrapped = wrap("--observe")) {
            wrapped.call(1, "count", "{}");
            assertTrue(wrapped.answer(1).contains("done"));
            wrapped.end();
        }
        assertEquals(1, ran());
        assertFalse(node.records(Kind.USE).isEmpty());
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.agentKey("agent"))));
    }
}
