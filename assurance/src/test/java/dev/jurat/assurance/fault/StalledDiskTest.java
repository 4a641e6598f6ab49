package dev.jurat.assurance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.endtoend.Servers;
import dev.jurat.assurance.fault.LedgerFaultTest.Step;
import dev.jurat.assurance.harness.NodeFaults;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SocketProxy.Fault;
import dev.jurat.assurance.harness.StdioClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sync of the ledger hangs at each step of a call, in a node that is otherwise as it is. What reached the server is counted outside of
 * everything that is tested: nothing goes out without an admitted use or past its go-by time, nothing twice, and the ledger tells how each
 * call ended.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StalledDiskTest {
    private static final long SHORT_NANOS = 1_500_000_000;

    private final Scenarios scenarios = new Scenarios(1);

    /** How long the disk stalls, and what comes then. */
    enum Stall {
        /** Less than a call's go-by time. */
        SHORT,
        /** Until the caller was answered, which is after that time. */
        LONG,
        /** Until the node is killed. */
        KILLED
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Stall.values())
                .flatMap(stall -> Stream.of(Step.values()).map(step -> Arguments.of(stall, step)));
    }

    @BeforeAll
    void start() throws IOException {
        Servers.npm();
        Site site = scenarios.keep(Site.governed());
        site.node().kill();
        NodeFaults node = site.upWithFaults();
        for (Stall stall : Stall.values()) {
            for (Step step : Step.values()) {
                scenarios.alone(site, stall + "-" + step, stage -> stalled(site, node, stage, stall, step));
            }
        }
    }

    @AfterAll
    void stop() throws IOException {
        scenarios.close();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("matrix")
    void aCallGoesOutTooLateOrTwiceOrItsEndIsLost(Stall stall, Step step) throws Exception {
        scenarios.await(stall + "-" + step);
    }

    private static void stalled(Site site, NodeFaults node, Stage stage, Stall stall, Step step) throws Exception {
        String file = stage.nextFile();
        try (StdioClient client = stage.client()) {
            var once = new AtomicBoolean();
            stage.proxy().plan(r -> {
                if (step.request.test(r) && once.compareAndSet(false, true)) {
                    stall(node);
                }
                return Fault.NONE;
            });
            CompletableFuture<StdioClient.Answer> answered =
                    CompletableFuture.supplyAsync(() -> write(stage, client, file));
            node.awaitHanging();
            assertEquals(step.goesOut() ? 1 : 0, stage.reached(file), "a call went out without the ledger's word");
            switch (stall) {
                case SHORT -> LockSupport.parkNanos(SHORT_NANOS);
                case LONG -> answered.join();
                case KILLED -> site.node().kill();
            }
            node.release();
            if (stall == Stall.KILLED) {
                node.up();
            }
            StdioClient.Answer answer = answered.join();
            long ran = stage.reached(file);
            stage.settle(client);
            assertEquals(0, client.leave(Stage.LONG));

            assertEquals(ran, stage.reached(file), "a call went out after its caller was answered");
            List<String> ends = stage.outcomes(file);
            switch (stall) {
                case SHORT -> assertEquals(List.of("success"), ends, answer.line());
                case LONG -> assertEquals(step.ends, ends, answer.line());
                case KILLED ->
                    assertTrue(
                            ends.size() == 1
                                    && (ran == 1
                                            ? ends.contains("success")
                                            : List.of("refused", "not-sent").containsAll(ends)),
                            ran + " reached the server, which ended " + ends + ": " + answer.line());
            }
            assertEquals(ends.contains("success") ? 1 : 0, ran, "an action was repeated, or is not what is told");
            assertEquals(List.of(), stage.openUses(), "uses without an outcome");
        } finally {
            node.release();
        }
    }

    private static void stall(NodeFaults node) {
        try {
            node.stall();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StdioClient.Answer write(Stage stage, StdioClient client, String file) {
        try {
            return stage.write(client, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
