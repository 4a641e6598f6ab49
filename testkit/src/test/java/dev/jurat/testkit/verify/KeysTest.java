package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.record.Kind;
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
}
