package dev.jurat.assurance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.endtoend.Servers;
import dev.jurat.assurance.endtoend.Texts;
import dev.jurat.assurance.harness.CountingTee;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SocketProxy;
import dev.jurat.assurance.harness.SocketProxy.Fault;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Statement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A person takes authority away at each step between a call's use and its outcome. What reached the server is counted outside of everything
 * that is tested: nothing goes out once its use is refused, nothing twice, and what happened is on the ledger although its signer has lost
 * their authority.
 *
 * <p>What ends one call or session runs side by side on one node; what ends a principal has another node, and runs there one after another.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LostAuthorityTest {
    private static final int AT_ONCE = 3;

    private final Scenarios scenarios = new Scenarios(AT_ONCE);

    /** What a person ends. */
    enum Loss {
        CONTRACT(false),
        IDENTITY(false),
        AGENTS_SESSION(false),
        POINTS_SESSION(false),
        AGENT(true),
        POINT(true);

        private final boolean ofAll;

        /** @param ofAll whether every stage of the node loses it */
        Loss(boolean ofAll) {
            this.ofAll = ofAll;
        }
    }

    /** When. */
    enum Step {
        /** The point asks for the use; the node has not seen it. */
        USE_ASKED,
        /** The use is on the ledger; the point has not heard. */
        USE_TOLD,
        /** The server has the call. */
        AT_SERVER,
        /** The server has answered; the node has not seen the outcome. */
        OUTCOME_ASKED
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Loss.values()).flatMap(loss -> Stream.of(Step.values()).map(step -> Arguments.of(loss, step)));
    }

    @BeforeAll
    void start() throws IOException {
        Servers.npm();
        Site steady = scenarios.keep(Site.governed());
        Site losing = scenarios.keep(Site.governed());
        for (Loss loss : Loss.values()) {
            for (Step step : Step.values()) {
                String name = loss + "-" + step;
                if (loss.ofAll) {
                    scenarios.alone(losing, name, stage -> new Scenario(losing, stage, loss, step).play());
                } else {
                    scenarios.beside(steady, name, stage -> new Scenario(steady, stage, loss, step).play());
                }
            }
        }
    }

    @AfterAll
    void stop() throws IOException {
        scenarios.close();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("matrix")
    void aCallGoesOutOrItsEndIsLostAfterItsAuthorityIsGone(Loss loss, Step step) throws Exception {
        scenarios.await(loss + "-" + step);
    }

    /** The use that a request submits. */
    private static Statement used(SocketProxy.Request request) {
        try {
            Json body = Values.parse(new String(request.body(), StandardCharsets.UTF_8));
            for (Json record : Values.list(body, "records")) {
                Statement statement = statement(Values.text(record, "payload"));
                if (statement.kind() == Kind.USE) {
                    return statement;
                }
            }
            throw new IOException("no use in " + body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Statement statement(String payload) throws IOException {
        try {
            return Statement.read(Base64.getDecoder().decode(payload));
        } catch (FormatException e) {
            throw new IOException(e);
        }
    }

    /** One call, and what is taken from it. */
    private record Scenario(Site site, Stage stage, Loss loss, Step step) {
        void play() throws IOException {
            String file = stage.nextFile(step == Step.AT_SERVER ? CountingTee.HELD : "");
            var use = new AtomicReference<Statement>();
            try (StdioClient client = stage.client()) {
                var once = new AtomicBoolean();
                stage.proxy().plan(r -> {
                    if (r.submits("use")) {
                        use.set(used(r));
                    }
                    boolean now = (step == Step.USE_ASKED && r.submits("use"))
                            || (step == Step.OUTCOME_ASKED && r.submits("outcome"));
                    if (now && once.compareAndSet(false, true)) {
                        take(use.get());
                    }
                    return Fault.NONE;
                });
                stage.proxy().telling(answer -> {
                    if (step == Step.USE_TOLD && use.get() != null && once.compareAndSet(false, true)) {
                        take(use.get());
                    }
                    return answer;
                });
                if (step == Step.AT_SERVER) {
                    client.callLater("write_file", Texts.write(file, "x"));
                    stage.awaitReached(file);
                    take(use.get());
                    stage.release();
                } else {
                    StdioClient.Answer answer = stage.write(client, file);
                    assertTrue(
                            step != Step.USE_ASKED || !Texts.refusal(answer).isEmpty(),
                            "a call without authority was answered as if it had any: " + answer.line());
                }
                stage.awaitEnd(file);
                assertEquals(0, client.leave(Stage.LONG));
            } finally {
                giveBack();
            }
            long reached = stage.reached(file);
            String end = stage.outcomes(file).getFirst();
            switch (step) {
                case USE_ASKED -> {
                    assertEquals(0, reached, "a call went out whose use was refused");
                    assertTrue(List.of("refused", "not-sent").contains(end), end);
                }
                case USE_TOLD -> assertEquals(reached == 1 ? "success" : "not-sent", end);
                case AT_SERVER, OUTCOME_ASKED -> {
                    assertEquals(1, reached);
                    assertEquals("success", end, "what happened was turned away");
                }
            }
            assertEquals(List.of(), stage.openUses(), "uses without an outcome");
        }

        private void take(Statement use) {
            try {
                RecordId identity = use.header().references().one("identity");
                switch (loss) {
                    case IDENTITY -> revoke(identity.hex());
                    case CONTRACT -> revoke(named(identity, "contract").hex());
                    case AGENTS_SESSION ->
                        revoke(recorded(named(identity, "intent")).header().stream()
                                .toString());
                    case POINTS_SESSION -> revoke(use.header().stream().toString());
                    case AGENT -> site.unlocked("agent", "suspend", Site.AGENT);
                    case POINT -> site.unlocked("agent", "suspend", "point");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private RecordId named(RecordId record, String role) throws IOException {
            return recorded(record).header().references().one(role);
        }

        private Statement recorded(RecordId id) throws IOException {
            return statement(Values.text(site.get("/v1/records/" + id.hex()), "payload"));
        }

        private void revoke(String what) throws IOException {
            // One person signs one record after the other.
            synchronized (site) {
                site.unlocked("revoke", what, "--reason", "it is over");
            }
        }

        private void giveBack() throws IOException {
            if (loss.ofAll) {
                site.unlocked("agent", "resume", loss == Loss.AGENT ? Site.AGENT : "point");
            }
        }
    }
}
