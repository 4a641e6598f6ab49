package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static dev.jurat.ledger.ScriptedWitness.LINE;
import static dev.jurat.ledger.ScriptedWitness.SIZE;
import static dev.jurat.ledger.ScriptedWitness.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.ScriptedWitness.Script;
import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.ledger.witness.WitnessConfig;
import dev.jurat.ledger.witness.WitnessStatus;
import dev.jurat.ledger.witness.WitnessStatus.Each;
import dev.jurat.ledger.witness.Witnesses;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.StateReport;
import dev.jurat.proof.state.Subject;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real ledger and witnesses over HTTP that help, lie, hang or are not there. */
class WitnessesTest {
    private static final long ANSWER_MILLIS = 700;

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);
    private final List<AutoCloseable> open = new ArrayList<>();
    private FaultStorage storage = new FaultStorage();
    private Ledger ledger;
    private ScriptedWitness first;
    private ScriptedWitness second;
    private ScriptedWitness third;

    @BeforeEach
    void start() throws Exception {
        storage = rig.seed();
        ledger = keep(rig.open(storage));
        first = keep(new ScriptedWitness("w1"));
        second = keep(new ScriptedWitness("w2"));
        third = keep(new ScriptedWitness("w3"));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T keep(T one) {
        open.add(one);
        return one;
    }

    private static WitnessConfig config(String policy) throws FormatException {
        TlogPolicy read = TlogPolicy.parse(policy.getBytes(StandardCharsets.UTF_8));
        return new WitnessConfig(read, 100, ANSWER_MILLIS, 3_000, 400, 600_000);
    }

    private String three() {
        return first.line("w1") + second.line("w2") + third.line("w3");
    }

    private String twoOfThree() {
        return three() + "group some 2 w1 w2 w3\nquorum some\n";
    }

    private String alone() {
        return first.line("w1") + "quorum w1\n";
    }

    private Witnesses asked(String policy) throws Exception {
        return keep(Witnesses.of(ledger, config(policy), System::currentTimeMillis));
    }

    private Witnesses asking(String policy) throws Exception {
        Witnesses witnesses = asked(policy);
        witnesses.begin();
        return witnesses;
    }

    private static void await(String what, BooleanSupplier reached) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!reached.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(2_000_000);
        }
    }

    private void grow() throws Exception {
        committed(ledger.append(group(world.observation(world.point(), "m").sign())));
        rig.follow(ledger);
    }

    private void awaitWitnessed() {
        TreeSize size = ledger.head().size();
        await("witnessed up to " + size, () -> ledger.quorum().size().equals(size));
    }

    private static Each each(Witnesses witnesses, int index) {
        return witnesses.status().each().get(index);
    }

    private void reopenHeld() throws Exception {
        ledger.close();
        ledger = keep(rig.openHeld(storage));
    }

    // ---- a quorum

    @Test
    void oneThatIsDownKeepsTheOthersFromBeingAQuorum() throws Exception {
        third.close();
        Witnesses witnesses = asking(twoOfThree());
        awaitWitnessed();
        for (int i = 0; i < 3; i++) {
            grow();
            awaitWitnessed();
        }
        await("told", () -> each(witnesses, 2).fault().equals("witness-unreachable"));
        assertEquals("some", ledger.quorum().name());
        SignedNote note = ledger.witnessed().orElseThrow();
        VerifiedCheckpoint seen = VerifiedCheckpoint.open(
                note, ledger.logKey(), List.of(first.signer.verifier(), second.signer.verifier()));
        assertEquals(2, seen.cosigners().size());
        assertEquals(ledger.head().root(), seen.checkpoint().root());
    }

    @Test
    void oneThatHangsDelaysTheOthersOrAnAppendOrTheEnd() throws Exception {
        third.script = (exchange, request) -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(60));
        Witnesses witnesses = asking(twoOfThree());
        long begin = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            grow();
            awaitWitnessed();
        }
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(10));
        await("told", () -> each(witnesses, 2).fault().equals("witness-unreachable"));
        long closing = System.nanoTime();
        witnesses.close();
        assertTrue(System.nanoTime() - closing < TimeUnit.SECONDS.toNanos(1));
        assertEquals(0, each(witnesses, 2).size());
    }

    @Test
    void fewerThanAQuorumCount() throws Exception {
        second.close();
        third.close();
        Witnesses witnesses = asking(twoOfThree());
        await(
                "cosigned by one",
                () -> each(witnesses, 0).size() == ledger.head().size().value());
        assertEquals(0, ledger.quorum().size().value());
        assertTrue(ledger.witnessed().isEmpty());
    }

    @Test
    void aWitnessIsAskedAgainAboutWhatItHasCosigned() throws Exception {
        asking(alone());
        awaitWitnessed();
        int asked = first.asked.size();
        Thread.sleep(500);
        assertEquals(asked, first.asked.size());
    }

    // ---- lies that cost nothing

    private static Arguments lie(String code, String name, ScriptedWitnessLie lie) {
        return Arguments.of(code, name, lie);
    }

    /** What a hostile witness does. */
    @FunctionalInterface
    interface ScriptedWitnessLie {
        Script of(ScriptedWitness witness);
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    private static ScriptedWitnessLie status(int status) {
        return w -> (exchange, request) -> say(exchange, status, LINE, "");
    }

    private static ScriptedWitnessLie says(int status, String type, String body) {
        return w -> (exchange, request) -> say(exchange, status, type, body);
    }

    static Stream<Arguments> lies() {
        NoteSigner foreign = NoteSigner.cosigner("witness.example/w1", World.key("foreign"));
        return Stream.of(
                lie(
                        "witness-cosignature",
                        "a key of its own",
                        w -> (exchange, request) -> say(
                                exchange,
                                200,
                                LINE,
                                foreign.cosign(request.note().text(), now()).line() + "\n")),
                lie(
                        "witness-cosignature",
                        "a cosignature of another checkpoint",
                        w -> (exchange, request) -> say(
                                exchange,
                                200,
                                LINE,
                                w.signer
                                                .cosign("ledger.example\n1\nAAAA\n", now())
                                                .line() + "\n")),
                lie(
                        "witness-cosignature",
                        "the log's own line",
                        w -> (exchange, request) -> say(
                                exchange,
                                200,
                                LINE,
                                request.note().signatures().getFirst().line() + "\n")),
                lie(
                        "witness-cosignature",
                        "a good line and a bad one of its key",
                        w -> (exchange, request) -> say(
                                exchange,
                                200,
                                LINE,
                                w.cosignature(request, now())
                                        + w.signer.cosign("x\n", now()).line() + "\n")),
                lie(
                        "witness-time",
                        "no time",
                        w -> (exchange, request) -> say(exchange, 200, LINE, w.cosignature(request, 0))),
                lie(
                        "witness-time",
                        "a time of yesterday",
                        w -> (exchange, request) -> say(exchange, 200, LINE, w.cosignature(request, now() - 86_400))),
                lie(
                        "witness-time",
                        "the end of time",
                        w -> (exchange, request) -> say(exchange, 200, LINE, w.cosignature(request, Long.MAX_VALUE))),
                lie("witness-answer", "nothing", says(200, LINE, "")),
                lie("witness-answer", "no line", says(200, LINE, "cosigned\n")),
                lie("witness-answer", "a page", says(200, "text/html", "<html>\n\n</html>\n")),
                lie(
                        "witness-answer",
                        "an empty line before its own",
                        w -> (exchange, request) -> say(exchange, 200, LINE, "x\n\n" + w.cosignature(request, now()))),
                lie("witness-unreachable", "more bytes than anybody reads", w -> WitnessesTest::endless),
                lie("witness-unreachable", "a byte at a time", w -> WitnessesTest::trickle),
                lie("witness-answer", "a redirection", w -> (exchange, request) -> {
                    exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
                    exchange.sendResponseHeaders(307, -1);
                }),
                lie("witness-answer", "a size without its type", says(409, LINE, "1000000\n")),
                lie("witness-answer", "a size with a sign", says(409, SIZE, "+1\n")),
                lie("witness-answer", "a size without end", says(409, SIZE, "9".repeat(5_000) + "\n")),
                lie("witness-answer", "a size beyond 2^63", says(409, SIZE, "9223372036854775808\n")),
                lie(
                        "witness-answer",
                        "another size each time",
                        w -> (exchange, request) ->
                                say(exchange, 409, SIZE, (request.old().value() == 1 ? 2 : 1) + "\n")),
                lie("witness-log-unknown", "404", status(404)),
                lie("witness-refused", "403", status(403)),
                lie("witness-refused", "400", status(400)),
                lie("witness-busy", "503", status(503)),
                lie("witness-answer", "202", status(202)),
                lie("witness-answer", "418", status(418)));
    }

    private static void endless(com.sun.net.httpserver.HttpExchange exchange, Object request) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 256; i++) {
                out.write(new byte[1 << 16]);
            }
        }
    }

    private static void trickle(com.sun.net.httpserver.HttpExchange exchange, Object request) throws IOException {
        exchange.sendResponseHeaders(200, 1_000);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 1_000; i++) {
                out.write('x');
                out.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("lies")
    void aLieIsTakenForACosignatureOrStopsTheLedger(String code, String name, ScriptedWitnessLie lie) throws Exception {
        first.script = lie.of(first);
        Witnesses witnesses = asking(alone());
        await("told of: " + name, () -> !each(witnesses, 0).fault().isEmpty());
        assertEquals(code, each(witnesses, 0).fault(), each(witnesses, 0).text());
        assertEquals(0, ledger.quorum().size().value());
        assertEquals(LedgerStatus.State.RUNNING, ledger.status().state());
        first.script = first::honest;
        grow();
        awaitWitnessed();
        assertEquals("", each(witnesses, 0).fault());
    }

    @Test
    void aFaultIsMetWithOneRequestAfterTheOther() throws Exception {
        first.script = (exchange, request) -> say(exchange, 500, LINE, "");
        asking(alone());
        Thread.sleep(2_500);
        // Without longer waits it would be 25; waits go up to 400 ms here.
        assertTrue(first.asked.size() <= 12 && first.asked.size() >= 4, "" + first.asked.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"86400", "0086400", "9999999999", "99999999999999999999999999"})
    void aWishToBeLeftAloneIsPassedOverOrGrantedForEver(String seconds) throws Exception {
        first.script = (exchange, request) -> {
            exchange.getResponseHeaders().add("Retry-After", seconds);
            say(exchange, 429, LINE, "");
        };
        asking(alone());
        await("asked", () -> first.asked.size() == 1);
        Thread.sleep(250);
        assertEquals(1, first.asked.size(), "the wish is for longer than the first wait");
        first.script = first::honest;
        awaitWitnessed();
    }

    @Test
    void aWitnessThatWentBackIsForgotten() throws Exception {
        Witnesses witnesses = asking(alone());
        awaitWitnessed();
        assertFalse(each(witnesses, 0).wentBack());
        first.last = 3;
        grow();
        await("named", () -> each(witnesses, 0).wentBack());
        // However well it does from here on.
        for (int i = 0; i < 2; i++) {
            awaitWitnessed();
            await("good", () -> each(witnesses, 0).fault().isEmpty());
            assertTrue(each(witnesses, 0).wentBack());
            grow();
        }
        assertEquals(LedgerStatus.State.RUNNING, ledger.status().state());
    }

    @Test
    void aWitnessThatWentBackAndThenFailsIsNotNamed() throws Exception {
        Witnesses witnesses = asking(alone());
        awaitWitnessed();
        first.script = (exchange, request) -> say(
                exchange, request.old().value() == 3 ? 500 : 409, request.old().value() == 3 ? LINE : SIZE, "3\n");
        grow();
        await("busy", () -> each(witnesses, 0).fault().equals("witness-busy"));
        assertTrue(each(witnesses, 0).wentBack());
        first.last = 3;
        first.script = first::honest;
        awaitWitnessed();
        assertTrue(each(witnesses, 0).wentBack());
    }

    // ---- a folder that went back

    static Stream<Arguments> contradictions() {
        return Stream.of(
                lie(Halt.AHEAD, "a size beyond ours", says(409, SIZE, "1000000\n")),
                lie(
                        Halt.DIFFERS,
                        "another root at our size",
                        w -> (exchange, request) ->
                                say(exchange, request.old().equals(request.size()) ? 422 : 500, LINE, "")),
                lie(
                        Halt.DIFFERS,
                        "another root at our size, as the first version says it",
                        w -> (exchange, request) -> say(exchange, 409, SIZE, request.size() + "\n")),
                lie(
                        Halt.DIFFERS,
                        "another root below",
                        w -> (exchange, request) ->
                                say(exchange, request.old().value() == 5 ? 422 : 409, SIZE, "5\n")));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("contradictions")
    void aLedgerSignsWhatAWitnessContradicts(String code, String name, ScriptedWitnessLie lie) throws Exception {
        first.script = lie.of(first);
        reopenHeld();
        Witnesses witnesses = asked(alone());
        witnesses.askBeforeSigning();
        ledger.release();
        TreeSize size = ledger.head().size();
        halted(code);
        assertEquals(WitnessStatus.Start.CONTRADICTED, witnesses.status().start());
        assertEquals(
                List.of(first.signer.verifier()),
                witnesses.status().halts().stream().map(Halt::by).toList());
        rig.now.addAndGet(60_000);
        Thread.sleep(600);
        assertEquals(size, ledger.head().size(), "not even the time is written");

        // Readable, and halted after a restart at which nobody answers.
        assertTrue(ledger.record(new dev.jurat.proof.log.LeafIndex(3)).isPresent());
        assertEquals("0", ledger.ask(state -> "" + state.pending().size()));
        witnesses.close();
        first.script = (exchange, request) -> say(exchange, 503, LINE, "");
        reopenHeld();
        assertEquals(size, ledger.head().size(), "nor at the end");
        Witnesses again = asked(alone());
        again.askBeforeSigning();
        ledger.release();
        halted(code);
        again.close();

        // Until the witness agrees.
        first.script = first::honest;
        reopenHeld();
        asked(alone()).askBeforeSigning();
        ledger.release();
        assertTrue(ledger.halted().isEmpty());
        grow();
    }

    private void halted(String code) throws Exception {
        assertEquals(LedgerStatus.State.READ_ONLY, ledger.status().state());
        assertEquals(code, ledger.status().code());
        assertEquals(code, ledger.halted().getFirst().code());
        GroupAnswer answer =
                ledger.append(group(world.observation(world.point(), "no").peek()));
        assertEquals(code, assertInstanceOf(GroupAnswer.Stopped.class, answer).code());
    }

    @Test
    void aLedgerGoesOnThoughAWitnessHearsOfAnotherOneLater() throws Exception {
        asking(alone());
        awaitWitnessed();
        first.last += 7;
        grow();
        await("halted", () -> ledger.status().state() == LedgerStatus.State.READ_ONLY);
        halted(Halt.AHEAD);
    }

    @Test
    void aPolicyWithoutTheWitnessDoesNotEndTheHalt() throws Exception {
        first.script = (exchange, request) -> say(exchange, 409, SIZE, "1000000\n");
        reopenHeld();
        Witnesses witnesses = asked(alone());
        witnesses.askBeforeSigning();
        witnesses.close();
        reopenHeld();
        asked(second.line("w2") + "quorum w2\n").askBeforeSigning();
        ledger.release();
        assertTrue(ledger.halted().isEmpty());
        grow();
    }

    @Test
    void oneOfThreeThatKnowsBetterIsOutvoted() throws Exception {
        third.script = (exchange, request) -> say(exchange, 409, SIZE, "1000000\n");
        reopenHeld();
        Witnesses witnesses = asked(twoOfThree());
        witnesses.askBeforeSigning();
        ledger.release();
        halted(Halt.AHEAD);
        assertEquals(
                List.of(third.signer.verifier()),
                witnesses.status().halts().stream().map(Halt::by).toList());
    }

    /** Halts the ledger by the first and the second witness, and closes what asked them. */
    private void haltedByTwo() throws Exception {
        first.script = (exchange, request) -> say(exchange, 409, SIZE, "1000000\n");
        second.script = (exchange, request) -> say(exchange, 409, SIZE, "2000000\n");
        reopenHeld();
        Witnesses witnesses = asked(twoOfThree());
        witnesses.askBeforeSigning();
        assertEquals(2, ledger.halted().size());
        witnesses.close();
    }

    private void restarted(String policy) throws Exception {
        reopenHeld();
        Witnesses witnesses = asked(policy);
        witnesses.askBeforeSigning();
        ledger.release();
        witnesses.close();
    }

    private List<NoteVerifier> haltedBy() {
        return ledger.halted().stream().map(Halt::by).toList();
    }

    @Test
    void leavingOneOfTwoOutEndsTheHaltOfTheOther() throws Exception {
        haltedByTwo();
        second.script = (exchange, request) -> say(exchange, 503, LINE, "");
        String withoutFirst = second.line("w2") + third.line("w3") + "group any any w2 w3\nquorum any\n";
        restarted(withoutFirst);
        halted(Halt.AHEAD);
        assertEquals(List.of(second.signer.verifier()), haltedBy());
        // Nor does a start of the same kind.
        restarted(withoutFirst);
        halted(Halt.AHEAD);
        second.script = second::honest;
        restarted(withoutFirst);
        assertEquals(List.of(), ledger.halted());
        grow();
    }

    @Test
    void oneOfTwoThatAgreesEndsTheHaltOfTheOther() throws Exception {
        haltedByTwo();
        first.script = first::honest;
        second.script = (exchange, request) -> say(exchange, 503, LINE, "");
        restarted(twoOfThree());
        halted(Halt.AHEAD);
        assertEquals(List.of(second.signer.verifier()), haltedBy());
    }

    @Test
    void aLiarThatComesLaterTakesTheHonestWordAway() throws Exception {
        first.script = (exchange, request) -> say(exchange, 409, SIZE, "1000000\n");
        second.script = (exchange, request) -> say(exchange, 503, LINE, "");
        restarted(twoOfThree());
        assertEquals(List.of(first.signer.verifier()), haltedBy());
        first.script = (exchange, request) -> say(exchange, 503, LINE, "");
        second.script = (exchange, request) -> say(exchange, 422, LINE, "");
        restarted(twoOfThree());
        assertEquals(List.of(first.signer.verifier(), second.signer.verifier()), haltedBy());
        restarted(first.line("w1") + third.line("w3") + "group any any w1 w3\nquorum any\n");
        halted(Halt.AHEAD);
        assertEquals(List.of(first.signer.verifier()), haltedBy());
    }

    @Test
    void anotherNameForAKeyEndsItsHalt() throws Exception {
        first.script = (exchange, request) -> say(exchange, 409, SIZE, "1000000\n");
        restarted(alone());
        NoteVerifier renamed = new NoteVerifier(
                "witness.example/renamed",
                first.signer.verifier().type(),
                first.signer.verifier().key());
        first.script = (exchange, request) -> say(exchange, 503, LINE, "");
        restarted("witness w1 " + renamed.text() + " " + first.url() + "\nquorum w1\n");
        halted(Halt.AHEAD);
    }

    @Test
    void aWitnessThatHaltsTwiceIsKeptTwice() throws Exception {
        ledger.halt(new Halt(Halt.AHEAD, first.signer.verifier(), new TreeSize(1_000_000)));
        Halt last = new Halt(Halt.DIFFERS, first.signer.verifier(), new TreeSize(4));
        ledger.halt(last);
        assertEquals(List.of(last), ledger.halted());
    }

    @Test
    void aSizeBeyondAllReasonIsNotKept() throws Exception {
        first.script = (exchange, request) -> say(exchange, 409, SIZE, Long.MAX_VALUE + "\n");
        second.script = (exchange, request) -> say(exchange, 409, SIZE, "1000000\n");
        restarted(twoOfThree());
        List<NoteVerifier> both = List.of(first.signer.verifier(), second.signer.verifier());
        assertEquals(java.util.Set.copyOf(both), java.util.Set.copyOf(haltedBy()));
        reopenHeld();
        assertEquals(java.util.Set.copyOf(both), java.util.Set.copyOf(haltedBy()));
    }

    @Test
    void aFileOfHaltsThatIsNoneIsTakenForNone() throws Exception {
        String by = first.signer.verifier().text();
        String one = "{\"by\":\"" + by + "\",\"code\":\"witness-ahead\",\"size\":\"9\"}";
        String version = ",\"version\":\"https://jurat.dev/halt/v1\"}";
        ledger.close();
        for (String wrong : List.of(
                "",
                "{\"by\":\"" + by + "\",\"code\":\"witness-ahead\",\"size\":9" + version,
                "{\"halts\":[]" + version,
                "{\"halts\":[" + one + "," + one + "]" + version,
                "{\"halts\":[" + one.replace("ahead", "busy") + "]" + version,
                "{\"halts\":[" + one.replace("\"9\"", "\"-9\"") + "]" + version,
                "{\"halts\":[" + one + "]" + version.replace("v1", "v2"),
                "{\"halts\":[" + one + "],\"more\":1" + version)) {
            assertEquals(
                    "halt-damaged",
                    assertThrows(LedgerException.class, () -> rig.open(withHalt(wrong)), wrong)
                            .code());
        }
        try (Ledger right = rig.open(withHalt("{\"halts\":[" + one + "]" + version))) {
            assertEquals(LedgerStatus.State.READ_ONLY, right.status().state());
        }
    }

    private FaultStorage withHalt(String content) throws Exception {
        FaultStorage copy = storage.afterKill();
        WriteOnce file = new WriteOnce(copy);
        file.put("halt", content.getBytes(StandardCharsets.UTF_8));
        file.finish();
        return copy;
    }

    @Test
    void nobodyThereIsTakenForAgreement() throws Exception {
        for (ScriptedWitness witness : List.of(first, second)) {
            witness.close();
        }
        third.script = (exchange, request) -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(60));
        reopenHeld();
        Witnesses witnesses = asked(twoOfThree());
        long begin = System.nanoTime();
        witnesses.askBeforeSigning();
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(4));
        ledger.release();
        assertEquals(WitnessStatus.Start.UNANSWERED, witnesses.status().start());
        grow();
    }

    @Test
    void aHeldLedgerTakesSomethingIn() throws Exception {
        reopenHeld();
        TreeSize size = ledger.head().size();
        rig.now.addAndGet(60_000);
        Thread waiting = Thread.ofVirtual().start(() -> {
            ledger.append(group(world.observation(world.point(), "early").sign()));
        });
        Thread.sleep(600);
        assertEquals(size, ledger.head().size());
        ledger.release();
        waiting.join();
        assertNotEquals(size, ledger.head().size());
    }

    // ---- what is kept

    @Test
    void aRestartForgetsWhatWasWitnessed() throws Exception {
        Witnesses before = asking(twoOfThree());
        awaitWitnessed();
        await("all three", () -> ledger.witnessed().orElseThrow().signatures().size() == 4);
        TreeSize size = ledger.quorum().size();
        before.close();
        reopenHeld();
        assertEquals(0, ledger.quorum().size().value(), "by no policy yet");
        Witnesses after = asked(twoOfThree());
        assertEquals(size, ledger.quorum().size());
        assertEquals(size.value(), each(after, 2).size());
        assertTrue(each(after, 2).atSeconds() > 0);
        after.askBeforeSigning();
        ledger.release();
        assertEquals(WitnessStatus.Start.AGREED, after.status().start());
        assertEquals(4, ledger.witnessed().orElseThrow().signatures().size(), "a line of each, and no more");
    }

    @Test
    void aPolicyThatAsksForMoreCountsWhatWasKept() throws Exception {
        Witnesses before = asking(alone());
        awaitWitnessed();
        before.close();
        asked(second.line("w2") + first.line("w1") + "group both all w1 w2\nquorum both\n");
        assertEquals(0, ledger.quorum().size().value());
    }

    @Test
    void aFolderThatIsOlderThanWhatItHasWitnessedOpens() throws Exception {
        ledger.close();
        FaultStorage old = storage.afterKill();
        ledger = keep(rig.open(storage));
        grow();
        Witnesses witnesses = asking(alone());
        awaitWitnessed();
        witnesses.close();
        ledger.close();
        old.putBack("witnessed", storage);
        FaultStorage back = old.without("head");
        assertEquals(
                "log-went-back",
                assertThrows(LedgerException.class, () -> rig.open(back)).code());
        storage.flip("witnessed", 3);
        assertEquals(
                "witnessed-damaged",
                assertThrows(LedgerException.class, () -> rig.open(storage)).code());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST", "DONE_BUT_FAILED", "SHORT", "KILLED"})
    void aWriteThatFailsLeavesHalfACheckpoint(Fault fault) throws Exception {
        NoteSigner signer = first.signer;
        ledger.close();
        for (int step = 0; step < 6; step++) {
            FaultStorage copy = storage.afterKill();
            Ledger one = rig.open(copy);
            one.countWitnessesBy(config(alone()).policy());
            SignedNote note = SignedNote.parse(one.head().checkpoint());
            SignedNote older = note.with(signer.cosign(note.text(), 1_800_000_000));
            assertTrue(one.keepWitnessed(older));
            SignedNote newer = note.with(signer.cosign(note.text(), 1_800_000_001));
            copy.failAt(step, fault);
            try {
                one.keepWitnessed(newer);
            } catch (LedgerException | FaultStorage.Killed e) {
                // Told; what is there is looked at below.
            }
            copy.kill();
            FaultStorage left = step % 2 == 0 ? copy.afterPowerLoss(step) : copy.afterKill();
            try (Ledger again = rig.open(left)) {
                Optional<SignedNote> kept = again.witnessed();
                assertTrue(
                        kept.equals(Optional.of(older)) || kept.equals(Optional.of(newer)), fault + " at step " + step);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST", "DONE_BUT_FAILED", "SHORT", "KILLED"})
    void aHaltThatCannotBeKeptIsNone(Fault fault) throws Exception {
        Halt before = new Halt(Halt.DIFFERS, second.signer.verifier(), new TreeSize(3));
        Halt why = new Halt(Halt.AHEAD, first.signer.verifier(), new TreeSize(1_000_000));
        ledger.close();
        for (int step = 0; step < 6; step++) {
            FaultStorage copy = storage.afterKill();
            Ledger one = rig.open(copy);
            one.halt(before);
            copy.failAt(step, fault);
            try {
                one.halt(why);
            } catch (LedgerException | FaultStorage.Killed e) {
                // Told; it is halted all the same.
            }
            assertEquals(LedgerStatus.State.READ_ONLY, one.status().state(), fault + " at step " + step);
            assertEquals(List.of(before, why), one.halted());
            copy.kill();
            FaultStorage left = step % 2 == 0 ? copy.afterPowerLoss(step) : copy.afterKill();
            try (Ledger again = rig.open(left)) {
                assertTrue(
                        again.halted().equals(List.of(before)) || again.halted().equals(List.of(before, why)));
            }
        }
    }

    // ---- the configuration

    @Test
    void aConfigurationIsReadThatSaysMoreOrCannotBeAsked() throws Exception {
        WitnessConfig config = WitnessConfig.of(TlogPolicy.parse(alone().getBytes(StandardCharsets.UTF_8)), 10_000);
        assertEquals(config, WitnessConfig.read(config.bytes()));
        String text = new String(config.bytes(), StandardCharsets.UTF_8);
        refused("member-unknown", text.replace("{\"interval", "{\"a\":1,\"interval"));
        refused("witness-config", text.replace("10000", "1"));
        refused("witness-config", text.replace("witnesses/v1", "witnesses/v2"));
        refused("witness-url", text.replace(" " + first.url(), ""));
        refused("witness-url", text.replace("http://127", "ftp://127"));
        refused("witness-url", text.replace("http://127", "http://user@127"));
        refused("witness-url", text.replaceFirst("127.0.0.1:[0-9]+", "127.0.0.1:99999"));
        refused("witness-url", text.replaceFirst("127.0.0.1:[0-9]+", "127.0.0.1:65536"));
        WitnessConfig.read(
                text.replaceFirst("127.0.0.1:[0-9]+", "127.0.0.1:65535").getBytes(StandardCharsets.UTF_8));
        refused("witness-none", text.replace("witness w1", "#").replace("quorum w1", "quorum none"));
        NoteSigner other = NoteSigner.log("ledger.example", World.key("another"));
        String elsewhere = "log " + other.verifier().text() + "\n" + alone();
        assertEquals(
                "witness-policy-log",
                assertThrows(FormatException.class, () -> asked(elsewhere)).code());
        assertFalse(asked("log " + ledger.logKey().text() + "\n" + alone())
                .status()
                .each()
                .isEmpty());
    }

    private static void refused(String code, String file) {
        assertEquals(
                code,
                assertThrows(FormatException.class, () -> WitnessConfig.read(file.getBytes(StandardCharsets.UTF_8)))
                        .code());
    }

    // ---- state proofs

    @Test
    void aStateProofIsGivenUnderLessThanAQuorum() throws Exception {
        ledger.close();
        ledger = keep(rig.open(
                storage, LedgerRig.stating(6), () -> new TimeReading(rig.now.get(), rig.now.get() + 5, "test")));
        Subject subject = new Subject.OfPrincipal(world.agent().principal());
        state();
        assertEquals("state-not-witnessed", notShown(subject));

        Witnesses witnesses = asking(alone());
        awaitWitnessed();
        StateReport.Accepted shown = assertInstanceOf(
                StateReport.Accepted.class,
                StateProof.check(ledger.witnessedStateProof(subject), Optional.of(world.trust())));
        assertTrue(shown.finding().stateLeaf() < ledger.quorum().size().value());

        witnesses.close();
        state();
        assertEquals("state-not-witnessed", notShown(subject), "a state that nobody has cosigned");
        assertInstanceOf(
                StateReport.Accepted.class, StateProof.check(ledger.stateProof(subject), Optional.of(world.trust())));
    }

    /** Grows until what is there now is in a state that is stated. */
    private void state() throws Exception {
        for (int i = 0; i < 14; i++) {
            grow();
            rig.now.addAndGet(120);
        }
    }

    private String notShown(Subject subject) {
        return assertThrows(LedgerException.class, () -> ledger.witnessedStateProof(subject))
                .code();
    }
}
