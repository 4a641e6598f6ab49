package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a taken-over ledger says that it refused or found twice, and what it keeps as proof of that. */
class KeptRecordsTest {
    private final World world = World.claimed();

    private static LedgerDetails.Kept kept(Matter matter) {
        return LedgerDetails.Kept.of(matter.record(), matter.body().map(Body::bytes));
    }

    private Draft refused(Matter matter, Json.Obj body) {
        Header header = matter.record().header();
        LedgerFacts.RefusedRecord entry = new LedgerFacts.RefusedRecord(
                header.stream(), header.sequence(), matter.id(), "seen-too-old", Optional.empty(), Optional.empty());
        return world.draft(world.ledger(), new LedgerFacts.Refused(List.of(entry)))
                .body(ignored -> body);
    }

    private static Json.Obj body(LedgerDetails.Kept... kept) {
        return new LedgerDetails(List.of(kept)).toJson();
    }

    private List<String> codes(Scope scope) {
        world.tick(10);
        Report report = Verifier.verify(world.bundle(scope).bytes(), Optional.of(world.trust()));
        return assertInstanceOf(Report.Refused.class, report).codes();
    }

    private Execution done() {
        Execution execution = world.execution().authorise();
        execution.use().admit();
        execution.outcome(Result.SUCCESS).admit();
        return execution;
    }

    @Test
    void aViolationVanishesBehindItsRefusal() {
        Execution execution = done();
        Matter violation = execution.violation("link-escaped").peek();
        refused(violation, body(kept(violation))).append();
        assertEquals(
                "open-kind-refused",
                codes(new Scope.Action(execution.id(Kind.INTENT))).getFirst());
    }

    @Test
    void aRefusalKeepsAnotherRecordThanItNames() {
        Execution execution = done();
        Matter violation = execution.violation("link-escaped").peek();
        refused(violation, body(kept(execution.matter(Kind.INTENT)))).append();
        assertEquals(
                "records-not-of-body",
                codes(new Scope.Action(execution.id(Kind.INTENT))).getFirst());
    }

    @Test
    void aRefusalKeepsNothing() {
        refused(world.execution().intent().peek(), body()).append();
        assertEquals("records-not-of-body", codes(new Scope.All()).getFirst());
    }

    @Test
    void aRefusalKeepsWhatIsNoRecord() {
        Json signatures = new Json.Arr(List.of(Json.of("\u00e4")));
        Json.Obj one = JsonBuilder.object()
                .put("payload", "")
                .put("signatures", signatures)
                .build();
        refused(
                        world.execution().intent().peek(),
                        JsonBuilder.object()
                                .put("records", new Json.Arr(List.of(one)))
                                .build())
                .append();
        assertEquals("body-invalid", codes(new Scope.All()).getFirst());
    }

    @Test
    void aConflictKeepsNothing() {
        Matter intent = world.execution().intent().admit();
        Matter another = world.execution().intent().peek();
        world.draft(
                        world.ledger(),
                        new LedgerFacts.Conflict(
                                world.agent().stream(), intent.record().header().sequence(), another.id(), intent.id()))
                .body(ignored -> body())
                .append();
        assertEquals("records-not-of-body", codes(new Scope.All()).getFirst());
    }

    @Test
    void whatAnHonestLedgerKeepsIsHeldAgainstIt() {
        Execution execution = world.execution().authorise();
        execution.use().admit();
        world.offer(execution.use().sign());
        Matter first = world.execution().intent().admit();
        long number = first.record().header().sequence();
        Matter second = world.execution().intent().sequence(number).peek();
        world.draft(world.ledger(), new LedgerFacts.Conflict(world.agent().stream(), number, second.id(), first.id()))
                .body(ignored -> body(kept(second)))
                .admit();
        world.tick(10);
        for (Scope scope : List.of(new Scope.All(), new Scope.Action(execution.id(Kind.INTENT)))) {
            Report report = Verifier.verify(world.bundle(scope).bytes(), Optional.of(world.trust()));
            assertInstanceOf(Report.Accepted.class, report, report.toString());
        }
    }
}
