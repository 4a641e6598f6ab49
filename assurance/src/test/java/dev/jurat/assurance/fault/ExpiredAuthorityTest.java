package dev.jurat.assurance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.endtoend.Servers;
import dev.jurat.assurance.endtoend.Texts;
import dev.jurat.assurance.harness.CountingTee;
import dev.jurat.assurance.harness.NodeFaults;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SocketProxy.Fault;
import dev.jurat.assurance.harness.StdioClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Time passes at each step between a call's use and its outcome: the ledger's clock goes past the end of what the call rests on. Nothing goes
 * out once its use is refused, nothing twice, and what happened is on the ledger although its signer's time is over.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExpiredAuthorityTest {
    private final Scenarios scenarios = new Scenarios(1);

    /** What has run out then, of a wrapper that has just begun. */
    enum Ended {
        /** The identity and its contract, and the time by which the outcome was promised. */
        CONTRACT(Duration.ofHours(2)),
        /** The sessions of the agent and of the point, too. */
        SESSIONS(Duration.ofHours(30));

        private final Duration passed;

        Ended(Duration passed) {
            this.passed = passed;
        }
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Ended.values())
                .flatMap(ended -> Stream.of(LostAuthorityTest.Step.values()).map(step -> Arguments.of(ended, step)));
    }

    @BeforeAll
    void start() throws IOException {
        Servers.npm();
        Site site = scenarios.keep(Site.governed());
        site.node().kill();
        NodeFaults node = site.upWithFaults();
        for (Ended ended : Ended.values()) {
            for (LostAuthorityTest.Step step : LostAuthorityTest.Step.values()) {
                scenarios.alone(site, ended + "-" + step, stage -> expired(node, stage, ended, step));
            }
        }
    }

    @AfterAll
    void stop() throws IOException {
        scenarios.close();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("matrix")
    void aCallGoesOutOrItsEndIsLostAfterItsTime(Ended ended, LostAuthorityTest.Step step) throws Exception {
        scenarios.await(ended + "-" + step);
    }

    private static void expired(NodeFaults node, Stage stage, Ended ended, LostAuthorityTest.Step step)
            throws IOException {
        String file = stage.nextFile(step == LostAuthorityTest.Step.AT_SERVER ? CountingTee.HELD : "");
        try (StdioClient client = stage.client()) {
            var asked = new AtomicBoolean();
            var once = new AtomicBoolean();
            stage.proxy().plan(r -> {
                asked.compareAndSet(false, r.submits("use"));
                boolean now = (step == LostAuthorityTest.Step.USE_ASKED && r.submits("use"))
                        || (step == LostAuthorityTest.Step.OUTCOME_ASKED && r.submits("outcome"));
                if (now && once.compareAndSet(false, true)) {
                    pass(node, ended);
                }
                return Fault.NONE;
            });
            stage.proxy().telling(told -> {
                if (step == LostAuthorityTest.Step.USE_TOLD && asked.get() && once.compareAndSet(false, true)) {
                    pass(node, ended);
                }
                return told;
            });
            if (step == LostAuthorityTest.Step.AT_SERVER) {
                client.callLater("write_file", Texts.write(file, "x"));
                stage.awaitReached(file);
                pass(node, ended);
                stage.release();
            } else {
                stage.write(client, file);
            }
            stage.awaitEnd(file);
            client.leave(Stage.LONG);
        }
        long reached = stage.reached(file);
        String end = stage.outcomes(file).getFirst();
        switch (step) {
            case USE_ASKED -> {
                assertTrue(reached <= 1, "an action was repeated");
                assertTrue(
                        reached == 1
                                ? end.equals("success")
                                : List.of("refused", "not-sent").contains(end),
                        end);
            }
            case USE_TOLD -> assertEquals(reached == 1 ? "success" : "not-sent", end);
            case AT_SERVER, OUTCOME_ASKED -> {
                assertEquals(1, reached);
                assertEquals("success", end, "what happened was turned away");
            }
        }
        assertEquals(List.of(), stage.openUses(), "uses without an outcome");
    }

    private static void pass(NodeFaults node, Ended ended) {
        try {
            node.pass(ended.passed.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
