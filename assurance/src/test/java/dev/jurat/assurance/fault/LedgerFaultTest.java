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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ledger fails at each step of a call. What reached the server is counted outside of everything that is tested: no call without an
 * admitted use, none twice, and afterwards the ledger tells how each one ended.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LedgerFaultTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    private Site site;
    private ManagedProcess node;
    private Path counter;
    private int calls;

    @BeforeAll
    void start() throws IOException {
        Servers.npm();
        site = Site.proxied();
        node = site.node();
        site.enrolAgent("agent");
        counter = site.folder().resolve("counter");
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    @AfterEach
    void heal() {
        site.proxy().plan(r -> Fault.NONE);
    }

    /** A step of a call, as the request that makes it. */
    enum Step {
        AUTHORISE(r -> r.path().equals("/v1/token")),
        USE(r -> r.submits("use")),
        OUTCOME(r -> r.submits("outcome"));

        private final Predicate<SocketProxy.Request> request;

        Step(Predicate<SocketProxy.Request> request) {
            this.request = request;
        }
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Step.values())
                .flatMap(step -> Stream.of(Fault.REFUSED, Fault.NO_ANSWER, Fault.ANSWER_LOST, Fault.ANSWER_WITHHELD)
                        .map(fault -> Arguments.of(step, fault)));
    }

    private StdioClient client() throws IOException {
        return Servers.counted(site, site.home(), "agent", counter);
    }

    private String nextFile() {
        return site.files().resolve("f" + calls++).toString();
    }

    /** Outcomes are written after the answer: waits until the node's door has seen the step. */
    private void awaitStep(Step step, int from) throws IOException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (site.proxy().seen().stream().skip(from).noneMatch(step.request)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the step never came: " + step);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static int reached(Path counter, String file) throws IOException {
        return (int) CountingTee.calls(counter).stream()
                .filter(l -> l.contains(file + "\""))
                .count();
    }

    /** How the action that wrote this file ended, by the ledger. */
    private List<String> outcomes(String file) throws IOException {
        return Actions.all(site, "resource=" + file).stream()
                .map(a -> Values.text(a, "outcome"))
                .filter(o -> !o.isEmpty())
                .toList();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("matrix")
    void aCallRunsWithoutItsRecordsOrTwice(Step step, Fault fault) throws IOException {
        String file = nextFile();
        String after = nextFile();
        try (StdioClient client = client()) {
            site.proxy().plan(r -> step.request.test(r) ? fault : Fault.NONE);
            int from = site.proxy().seen().size();
            StdioClient.Answer broken = client.call("write_file", Texts.write(file, "x"), LONG);
            int ran = reached(counter, file);
            if (step == Step.OUTCOME) {
                assertFalse(broken.failed(), broken.line());
                assertEquals(1, ran);
                awaitStep(step, from);
                StdioClient.Answer second = client.call("write_file", Texts.write(after, "x"), LONG);
                assertNotEquals(
                        "",
                        Texts.refusal(second),
                        "a call went out while an outcome was not recorded: " + second.line());
                assertEquals(0, reached(counter, after));
            } else {
                assertNotEquals("", Texts.refusal(broken), broken.line());
                assertEquals(0, ran, "a call went out without the ledger's word");
            }

            heal();
            settle(client);

            assertEquals(ran, reached(counter, file), "an action was repeated");
            assertEquals(ran, outcomes(file).stream().filter("success"::equals).count());
            assertEquals(0, client.leave(LONG));
        }
        assertTrue(openUses().isEmpty(), "uses without an outcome: " + openUses());
    }

    /** Calls until one is let through again: what was queued before it is on the ledger then. */
    private void settle(StdioClient client) throws IOException {
        long deadline = System.nanoTime() + LONG.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            StdioClient.Answer answer = client.call("write_file", Texts.write(nextFile(), "x"), LONG);
            if (!answer.failed()) {
                return;
            }
            last = answer.line();
            LockSupport.parkNanos(200_000_000);
        }
        throw new IOException(
                "the session never recovered: " + last + client.process().errors());
    }

    /** Actions with an admitted use that no outcome closes. */
    private List<String> openUses() throws IOException {
        return Actions.all(site, "").stream()
                .filter(a -> !Values.text(a, "use").isEmpty()
                        && Values.text(a, "outcome").isEmpty())
                .map(a -> Values.text(a, "id"))
                .toList();
    }

    static Stream<Step> steps() {
        return Stream.of(Step.values());
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStoppedNodeLetsACallOut(Step step) throws IOException {
        String file = nextFile();
        var once = new AtomicBoolean();
        try (StdioClient client = client()) {
            site.proxy().plan(r -> {
                if (step.request.test(r) && once.compareAndSet(false, true)) {
                    signal("STOP");
                }
                return Fault.NONE;
            });
            int from = site.proxy().seen().size();
            StdioClient.Answer answer = client.call("write_file", Texts.write(file, "x"), LONG);
            int ran = reached(counter, file);
            awaitStep(step, from);
            assertEquals(step == Step.OUTCOME ? 1 : 0, ran, answer.line());
            signal("CONT");
            settle(client);

            assertEquals(ran, reached(counter, file), "an action was repeated");
            assertEquals(ran, outcomes(file).stream().filter("success"::equals).count());
            assertEquals(0, client.leave(LONG));
        } finally {
            signal("CONT");
        }
    }

    private void signal(String name) {
        try {
            node.signal(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aKilledWrapperLeavesAnOpenUse() throws IOException {
        String file = nextFile();
        try (StdioClient client = client()) {
            site.proxy().plan(r -> Step.OUTCOME.request.test(r) ? Fault.NO_ANSWER : Fault.NONE);
            assertFalse(client.call("write_file", Texts.write(file, "x"), LONG).failed());
            client.process().kill();
        }
        heal();
        try (StdioClient next = client()) {
            settle(next);
            assertEquals(0, next.leave(LONG));
        }

        assertEquals(1, reached(counter, file), "an action was repeated");
        assertEquals(1, outcomes(file).size());
    }

    @Test
    void aRestartedNodeLosesWhatItAcknowledged() throws IOException {
        String file = nextFile();
        try (StdioClient client = client()) {
            assertFalse(client.call("write_file", Texts.write(file, "x"), LONG).failed());
            List<String> before = Actions.all(site, "").stream()
                    .map(a -> Values.text(a, "id"))
                    .toList();
            node.kill();
            node = site.up();

            settle(client);
            List<String> after = Actions.all(site, "").stream()
                    .map(a -> Values.text(a, "id"))
                    .toList();
            assertTrue(after.containsAll(before));
            assertEquals(1, reached(counter, file), "an action was repeated");
            assertEquals(List.of("success"), outcomes(file));
            assertEquals(0, client.leave(LONG));
        }
    }
}
