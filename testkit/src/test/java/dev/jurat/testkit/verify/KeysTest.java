package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.ActionFinding;
import dev.jurat.proof.verify.Findings;
import dev.jurat.proof.verify.KeyFinding;
import dev.jurat.proof.verify.Note;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.ReportText;
import dev.jurat.proof.verify.Suspect;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The three zones of a key that was stolen, as a reader of a bundle is told of them. */
class KeysTest {
    private final World world = World.claimed();
    private final Successions successions = new Successions(world);
    private final Party second = successions.secondAdministrator();

    private Report verify(Execution action) {
        return Verifier.verify(
                world.bundle(new Scope.Action(action.id(Kind.INTENT))).bytes(), Optional.of(world.trust()));
    }

    private Findings findings(Execution action) {
        return assertInstanceOf(Report.Accepted.class, verify(action)).bundle().findings();
    }

    private static List<Suspect> suspects(Findings findings) {
        return findings.actions().stream()
                .map(ActionFinding::suspects)
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> codes(Findings findings) {
        return findings.notes().stream().map(Note::code).toList();
    }

    @Test
    void whatWasSignedBeforeTheBoundaryHoldsAndWhatCameAfterIsSuspect() {
        Execution before = world.execution().run();
        long theft = world.log().leaves().size();
        Execution after = world.execution().run();
        successions
                .compromised(world.administrator(), second, "agent", SignerType.AGENT, "agent", theft)
                .admit();
        assertEquals(List.of(), suspects(findings(before)));
        assertTrue(codes(findings(before)).contains("key-reported"));
        assertFalse(codes(findings(before)).contains("records-suspect"));

        Suspect intent = suspects(findings(after)).getFirst();
        assertEquals(after.id(Kind.INTENT), intent.leaf().id());
        assertEquals(
                List.of(Kind.CONTEXT, Kind.DECISION, Kind.IDENTITY),
                intent.corroborated().stream().map(leaf -> leaf.kind()).toList());
        assertEquals(1, suspects(findings(after)).size(), "the point's records are nobody else's");
        assertTrue(codes(findings(after)).contains("records-suspect"));
        String text = ReportText.of(verify(after));
        assertTrue(text.contains("others tell of it: context by "), text);
        assertTrue(text.contains("from leaf " + theft + " on"), text);
    }

    @Test
    void whoeverReportsAloneMakesNothingOfThePastSuspect() {
        Execution before = world.execution().run();
        successions
                .compromised(world.administrator(), "agent", SignerType.AGENT, "agent")
                .admit();
        assertEquals(List.of(), suspects(findings(before)));
        KeyFinding key = findings(before).keys().getFirst();
        assertEquals(Optional.of(world.log().leaves().size() - 1L), key.since());
    }

    @Test
    void anEarlierBoundaryLeavesTheFirstReportTheReport() {
        Execution action = world.execution().run();
        long theft = world.log().leaves().size();
        Matter first = successions
                .compromised(world.administrator(), "agent", SignerType.AGENT, "agent")
                .admit();
        successions
                .compromised(world.administrator(), second, "agent", SignerType.AGENT, "agent", theft - 1)
                .admit();
        KeyFinding key = findings(action).keys().getFirst();
        assertEquals(Optional.of(first.id()), key.report());
        assertEquals(Optional.of(theft - 1), key.since());
    }

    @Test
    void aKeyThatNobodyElseVouchesForCorroboratesNothing() {
        long theft = world.log().leaves().size();
        Execution action = world.execution().run();
        for (String name : List.of("agent", "governor", "broker")) {
            SignerType type = name.equals("agent") ? SignerType.AGENT : SignerType.SERVICE;
            successions
                    .compromised(world.administrator(), second, name, type, name, theft)
                    .admit();
        }
        Suspect intent = suspects(findings(action)).getFirst();
        assertEquals(List.of(), intent.corroborated());
        assertTrue(ReportText.of(verify(action)).contains("nothing else tells of it"));
    }

    @Test
    void aRecoveredPrincipalIsTheSameOnTheWordOfTheAdministratorsNamed() {
        successions
                .recovers("agent", SignerType.AGENT, "agent", "agent-next", world.administrator(), second)
                .draft()
                .admit();
        Party session = successions.session("agent", "agent-next", "agent-2").admitAndJoin();
        Execution action = world.execution(session, world.point()).run();
        KeyFinding next = findings(action).keys().getLast();
        assertEquals(
                List.of(world.administrator().principal(), second.principal()).stream()
                        .sorted()
                        .toList(),
                next.recoveredBy());
        assertTrue(codes(findings(action)).contains("continuity-broken"));
        assertTrue(ReportText.of(verify(action))
                .contains("continuity: broken by " + String.join(" and ", next.recoveredBy())));
    }

    private void outcome(Party by, Execution action) {
        world.draft(by, new ExecutionFacts.Outcome(ExecutionFacts.Result.NOT_SENT, Optional.empty(), 0))
                .references(References.of("use", action.id(Kind.USE)))
                .body(b -> new ExecutionDetails.Outcome(12, Optional.empty(), Optional.empty()).toJson())
                .admit();
    }

    /** Its own principal under another key, the ledger, which saw only that nothing came, and whoever has nothing to say of it. */
    @Test
    void aRecordIsNotVouchedForByItsOwnPrincipalNorByTheLedgerNorByStrangers() {
        successions
                .rotates("point", SignerType.SERVICE, "point", "point-next")
                .draft()
                .admit();
        Party next = successions.session("point", "point-next", "point-b").admitAndJoin();
        world.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
        Party stranger = world.session("point-2", "point-2-1").admitAndJoin();
        Execution action = world.execution().authorise();
        long theft = world.log().leaves().size();
        action.use().admit();
        outcome(stranger, action);
        world.tick(100_000);
        world.incomplete(action.id(Kind.USE)).admit();
        outcome(next, action);
        successions
                .compromised(world.administrator(), second, "point", SignerType.SERVICE, "point", theft)
                .admit();
        List<Suspect> all = suspects(assertInstanceOf(
                        Report.Accepted.class,
                        Verifier.verify(world.bundle(new Scope.All()).bytes(), Optional.of(world.trust())))
                .bundle()
                .findings());
        Suspect use = all.getFirst();
        assertEquals(action.id(Kind.USE), use.leaf().id());
        assertEquals(
                List.of(Kind.IDENTITY),
                use.corroborated().stream().map(leaf -> leaf.kind()).toList());
        assertEquals(1, all.size(), "the key that follows was there before the boundary");
    }
}
