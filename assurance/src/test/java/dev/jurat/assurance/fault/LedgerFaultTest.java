package dev.jurat.assurance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.endtoend.Actions;
import dev.jurat.assurance.endtoend.Servers;
import dev.jurat.assurance.endtoend.Texts;
import dev.jurat.assurance.harness.CountingTee;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SocketProxy;
import dev.jurat.assurance.harness.SocketProxy.Fault;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ledger fails at each step of a call. What reached the server is counted outside of everything that is tested: no call without an
 * admitted use, none twice, and afterwards the ledger tells how each one ended.
 *
 * <p>Nearly all of the time goes by in the wrapper's own deadlines, so scenarios run side by side, each on a {@link Stage} of its own, from
 * the start; a test waits for its scenario. Those that stop or kill the node have another node, and run there one after another.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LedgerFaultTest {
    private static final int AT_ONCE = 4;

    private final Scenarios scenarios = new Scenarios(AT_ONCE);

    /** A step of a call, as the request that makes it. */
    enum Step {
        AUTHORISE(r -> r.path().equals("/v1/token"), List.of("refused")),
        USE(r -> r.submits("use"), List.of("not-sent")),
        OUTCOME(r -> r.submits("outcome"), List.of("success"));

        final Predicate<SocketProxy.Request> request;
        final List<String> ends;

        /** @param ends what the ledger says in the end of a call whose step failed */
        Step(Predicate<SocketProxy.Request> request, List<String> ends) {
            this.request = request;
            this.ends = ends;
        }

        boolean goesOut() {
            return this == OUTCOME;
        }
    }

    @BeforeAll
    void start() throws IOException {
        Servers.npm();
        Site steady = scenarios.keep(Site.governed());
        for (Step step : Step.values()) {
            for (Fault fault : FAULTS) {
                scenarios.beside(steady, step + "-" + fault, stage -> broken(stage, step, fault));
            }
        }
        for (Moment moment : Moment.values()) {
            scenarios.beside(steady, "killed-" + moment, stage -> killed(stage, moment));
        }
        for (Parting parting : Parting.values()) {
            scenarios.beside(steady, "parted-" + parting, stage -> parted(stage, parting));
        }
        Site failing = scenarios.keep(Site.governed());
        for (Step step : Step.values()) {
            scenarios.alone(failing, "stopped-" + step, stage -> stopped(stage, failing.node(), step));
        }
        scenarios.alone(failing, "restarted", stage -> restarted(stage, failing));
    }

    @AfterAll
    void stop() throws IOException {
        scenarios.close();
    }

    // ---- a request that fails

    private static final List<Fault> FAULTS =
            List.of(Fault.REFUSED, Fault.NO_ANSWER, Fault.ANSWER_LOST, Fault.ANSWER_WITHHELD);

    static Stream<Arguments> matrix() {
        return Stream.of(Step.values()).flatMap(step -> FAULTS.stream().map(fault -> Arguments.of(step, fault)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("matrix")
    void aCallRunsWithoutItsRecordsOrTwice(Step step, Fault fault) throws Exception {
        scenarios.await(step + "-" + fault);
    }

    private static void broken(Stage stage, Step step, Fault fault) throws IOException {
        String file = stage.nextFile();
        String after = stage.nextFile();
        try (StdioClient client = stage.client()) {
            stage.proxy().plan(r -> step.request.test(r) ? fault : Fault.NONE);
            int from = stage.proxy().seen().size();
            StdioClient.Answer broken = stage.write(client, file);
            if (step.goesOut()) {
                assertFalse(broken.failed(), broken.line());
                assertEquals(1, stage.reached(file));
                stage.awaitRequest(step.request, from);
                StdioClient.Answer second = stage.write(client, after);
                assertNotEquals(
                        "",
                        Texts.refusal(second),
                        "a call went out while an outcome was not recorded: " + second.line());
            } else {
                assertNotEquals("", Texts.refusal(broken), broken.line());
                assertEquals(0, stage.reached(file), "a call went out without the ledger's word");
            }

            stage.heal();
            stage.settle(client);
            assertEquals(0, client.leave(Stage.LONG));
        }
        assertEquals(step.goesOut() ? 1 : 0, stage.reached(file), "an action was repeated");
        assertEquals(0, stage.reached(after), "a refused call was made later");
        assertEquals(
                step.goesOut() ? List.of("refused") : List.of(),
                stage.outcomes(after),
                "a refusal left nothing behind");
        assertEquals(step.ends, stage.outcomes(file));
        assertEquals(List.of(), stage.openUses(), "uses without an outcome");
    }

    // ---- a node that stops

    @ParameterizedTest
    @EnumSource
    void aStoppedNodeLetsACallOut(Step step) throws Exception {
        scenarios.await("stopped-" + step);
    }

    private static void stopped(Stage stage, ManagedProcess node, Step step) throws IOException {
        String file = stage.nextFile();
        var once = new AtomicBoolean();
        try (StdioClient client = stage.client()) {
            stage.proxy().plan(r -> {
                if (step.request.test(r) && once.compareAndSet(false, true)) {
                    signal(node, "STOP");
                }
                return Fault.NONE;
            });
            int from = stage.proxy().seen().size();
            StdioClient.Answer answer = stage.write(client, file);
            long ran = stage.reached(file);
            stage.awaitRequest(step.request, from);
            assertEquals(step.goesOut() ? 1 : 0, ran, answer.line());
            signal(node, "CONT");
            stage.settle(client);
            assertEquals(0, client.leave(Stage.LONG));

            assertEquals(ran, stage.reached(file), "an action was repeated");
            assertEquals(step.ends, stage.outcomes(file));
            assertEquals(List.of(), stage.openUses(), "uses without an outcome");
        } finally {
            signal(node, "CONT");
        }
    }

    private static void signal(ManagedProcess node, String name) {
        try {
            node.signal(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- a wrapper that is killed

    /** When the wrapper is killed, and what the next one has to say of the call. */
    enum Moment {
        /** The ledger has the use; the wrapper never heard of it, so nothing went out, which nobody can prove. */
        USE_UNHEARD("unknown", 0),
        /** The server has the call and hangs. */
        SERVER_HANGS("unknown", 1),
        /** The server has answered; the outcome is signed and in the spool. */
        OUTCOME_UNSENT("success", 1);

        private final String end;
        private final int reached;

        Moment(String end, int reached) {
            this.end = end;
            this.reached = reached;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledWrapperLeavesAUseOpenOrToldWrongly(Moment moment) throws Exception {
        scenarios.await("killed-" + moment);
    }

    private static void killed(Stage stage, Moment moment) throws IOException {
        String file = stage.nextFile(CountingTee.NEVER_ANSWERED);
        if (moment == Moment.OUTCOME_UNSENT) {
            file = stage.nextFile();
        }
        try (StdioClient client = stage.client()) {
            stage.proxy().plan(r -> faultAt(moment, r));
            int from = stage.proxy().seen().size();
            client.callLater("write_file", Texts.write(file, "x"));
            stage.awaitOpen(file);
            switch (moment) {
                case USE_UNHEARD -> {}
                case SERVER_HANGS -> stage.awaitReached(file);
                case OUTCOME_UNSENT -> stage.awaitRequest(Step.OUTCOME.request, from);
            }
            client.process().kill();
        }
        assertEquals(List.of("open"), stage.outcomes(file));
        stage.heal();
        try (StdioClient next = stage.starting()) {
            next.initialize(Stage.LONG);
            assertEquals(List.of(moment.end), stage.outcomes(file), "when the next wrapper serves");
            assertEquals(0, next.leave(Stage.LONG));
        }
        assertEquals(moment.reached, stage.reached(file), "an action was repeated");
        assertEquals(List.of(moment.end), stage.outcomes(file));
        assertEquals(List.of(), stage.openUses());
    }

    private static Fault faultAt(Moment moment, SocketProxy.Request request) {
        return switch (moment) {
            case USE_UNHEARD -> Step.USE.request.test(request) ? Fault.ANSWER_WITHHELD : Fault.NONE;
            case SERVER_HANGS -> Fault.NONE;
            case OUTCOME_UNSENT -> Step.OUTCOME.request.test(request) ? Fault.NO_ANSWER : Fault.NONE;
        };
    }

    // ---- a wrapper that ends while the node is away

    /** How the wrapper ends, and how the node is away. */
    enum Parting {
        KILLED(Fault.NO_ANSWER),
        LEFT(Fault.REFUSED);

        private final Fault fault;

        Parting(Fault fault) {
            this.fault = fault;
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeThatWasKnownIsLostWithItsProcess(Parting parting) throws Exception {
        scenarios.await("parted-" + parting);
    }

    private static void parted(Stage stage, Parting parting) throws IOException {
        List<String> files =
                Stream.generate(() -> stage.nextFile(CountingTee.HELD)).limit(4).toList();
        try (StdioClient client = stage.client()) {
            for (String file : files) {
                client.callLater("write_file", Texts.write(file, "x"));
            }
            for (String file : files) {
                stage.awaitOpen(file);
                stage.awaitReached(file);
            }
            stage.proxy().plan(r -> parting.fault);
            stage.release();
            stage.awaitSpooled(files.size());
            switch (parting) {
                case KILLED -> client.process().kill();
                case LEFT -> {
                    assertEquals(0, client.leave(Stage.LONG));
                    assertTrue(client.process().errors().contains("jurat mcp wrap: records-kept: "));
                }
            }
        }
        stage.heal();
        try (StdioClient next = stage.starting()) {
            next.initialize(Stage.LONG);
            assertEquals(0, next.leave(Stage.LONG));
        }
        for (String file : files) {
            assertEquals(1, stage.reached(file), "an action was repeated");
            assertEquals(List.of("success"), stage.outcomes(file));
        }
    }

    // ---- a node that is killed

    @Test
    void aRestartedNodeLosesWhatItAcknowledged() throws Exception {
        scenarios.await("restarted");
    }

    private static void restarted(Stage stage, Site site) throws IOException {
        String file = stage.nextFile();
        try (StdioClient client = stage.client()) {
            assertFalse(stage.write(client, file).failed());
            List<String> before = ids(site);
            site.node().kill();
            site.up();

            stage.settle(client);
            assertTrue(ids(site).containsAll(before));
            assertEquals(1, stage.reached(file), "an action was repeated");
            assertEquals(List.of("success"), stage.outcomes(file));
            assertEquals(0, client.leave(Stage.LONG));
        }
    }

    private static List<String> ids(Site site) throws IOException {
        return Actions.all(site, "").stream().map(a -> Values.text(a, "id")).toList();
    }
}
