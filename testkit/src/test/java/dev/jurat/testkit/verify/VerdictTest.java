package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.ActionFinding;
import dev.jurat.proof.verify.Findings;
import dev.jurat.proof.verify.Note;
import dev.jurat.proof.verify.OutcomeVerdict;
import dev.jurat.proof.verify.PermissionVerdict;
import dev.jurat.proof.verify.RecordVerdict;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.ReportText;
import dev.jurat.proof.verify.Timing;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The three verdicts, each by itself. */
class VerdictTest {
    private static final Scope ALL = new Scope.All();

    @Test
    void aWholeLogWithOneExecutionIsAccepted() {
        World world = World.claimed();
        world.execution().listed().run();
        ActionFinding found = only(accepted(world, ALL));
        assertInstanceOf(RecordVerdict.Sound.class, found.record());
        assertInstanceOf(PermissionVerdict.Within.class, found.permission());
        assertEquals(new OutcomeVerdict.Agrees(Result.SUCCESS, Timing.IN_TIME), found.outcome());
    }

    @Test
    void ofWhatIsNotSoundNothingIsSaidNotEvenThatNothingRan() {
        World world = World.claimed();
        world.execution().run();
        NoteVerifier stranger =
                NoteVerifier.log(World.ORIGIN, World.key("stranger").verifyKey());
        TrustPolicy other = new TrustPolicy(stranger, Optional.empty(), Optional.empty());
        Report report = Verifier.verify(world.bundle(ALL).bytes(), Optional.of(other));
        assertEquals("trust-log", report.codes().getFirst());
        ActionFinding found =
                only(assertInstanceOf(Report.Refused.class, report).findings().orElseThrow());
        assertEquals(new RecordVerdict.Unsound("trust-log"), found.record());
        assertInstanceOf(PermissionVerdict.NotJudged.class, found.permission());
        assertInstanceOf(OutcomeVerdict.NotJudged.class, found.outcome());
        assertEquals(1, found.uses().size());
        assertInstanceOf(OutcomeVerdict.NotJudged.class, found.uses().getFirst().outcome());
    }

    @Test
    void oneActionOfABusyLogIsAcceptedWithItsGapsTold() {
        World world = World.claimed();
        world.execution().run();
        Party other = world.session("agent", "agent-2").admitAndJoin();
        world.execution(other, world.point()).run();
        world.tick(1_000);
        Execution wanted = world.execution(other, world.point()).listed().run();
        world.execution().run();
        world.tick(1_000);
        Bundle bundle = world.bundle(new Scope.Action(wanted.id(Kind.INTENT)));
        Findings findings = accepted(world, bundle);
        assertEquals(wanted.id(Kind.INTENT), only(findings).action().intent().id());
        assertInstanceOf(PermissionVerdict.Within.class, only(findings).permission());
        assertFalse(findings.gaps().isEmpty());
        assertTrue(codes(findings).contains("part-of-log"));
        assertFalse(bundle.proofs().isEmpty());
        assertTrue(bundle.leaves().size() < world.log().leaves().size());
    }

    @Test
    void oneSessionIsAcceptedWithAllItsActions() {
        World world = World.claimed();
        world.execution().run();
        Party other = world.session("agent", "agent-2").admitAndJoin();
        world.execution(other, world.point()).run();
        world.execution().run();
        Execution denied = world.execution(other, world.point());
        world.admit(
                denied.intent().sign(),
                denied.context().sign(),
                denied.denial("outside").sign());
        Findings findings = accepted(world, new Scope.Session(other.stream()));
        assertEquals(2, findings.actions().size());
        assertEquals(
                new PermissionVerdict.NotGranted("denied"),
                findings.actions().get(1).permission());
        assertInstanceOf(
                OutcomeVerdict.NothingRan.class, findings.actions().get(1).outcome());
    }

    @Test
    void anApprovedCallIsShownWithItsRepeat() {
        World world = World.claimed();
        Execution asked = world.execution()
                .tool(world.tool("write_file", Effect.WRITE, true))
                .listed()
                .anySession()
                .ask(1);
        world.tick(500);
        asked.approvedBy(world.approver());
        Party second = world.session("agent", "agent-2").admitAndJoin();
        Execution repeat = world.execution(second, world.point()).repeats(asked);
        world.admit(repeat.intent().sign(), repeat.identity().sign());
        repeat.used();
        for (Scope scope : List.of(ALL, new Scope.Action(repeat.id(Kind.INTENT)))) {
            Findings findings = accepted(world, scope);
            assertEquals(2, findings.actions().size());
            assertEquals(
                    scope == ALL ? new PermissionVerdict.NotUsed() : new PermissionVerdict.NotShown("contract"),
                    findings.actions().get(0).permission());
            assertInstanceOf(
                    PermissionVerdict.Within.class, findings.actions().get(1).permission());
            assertEquals(1, findings.actions().get(1).action().approvals().size());
            String text = text(world, scope);
            assertTrue(
                    text.contains(" for this intent; its contract was used for intent "
                            + repeat.id(Kind.INTENT).hex()),
                    text);
            assertEquals(3, text.split("approve by ").length, "who approved it stands under both: " + text);
        }
    }

    @Test
    void aRangedContractIsRecheckedForEachCall() {
        World world = World.claimed();
        world.execution()
                .listed()
                .ranged(3, 60_000)
                .authorise()
                .used()
                .arguments("{\"path\":\"/srv/deep/../other.txt\"}")
                .used();
        assertInstanceOf(
                PermissionVerdict.Within.class, only(accepted(world, ALL)).permission());
    }

    @Test
    void aRangedUseOutsideItsTargetsIsBeyond() {
        World world = World.claimed();
        world.execution()
                .ranged(3, 60_000)
                .authorise()
                .arguments("{\"path\":\"/srv/../etc/passwd\"}")
                .used();
        assertEquals(List.of("beyond-target"), refused(world, ALL));
    }

    @Test
    void aRangedUseOutsideItsLimitsIsBeyond() {
        World world = World.claimed();
        world.execution()
                .ranged(3, 60_000)
                .authorise()
                .arguments("{\"content\":\"x\",\"path\":\"/srv/a\"}")
                .used();
        assertEquals(List.of("beyond-property"), refused(world, ALL));
    }

    @Test
    void aTokenOfAnotherIssuerIsBeyond() {
        World world = World.claimed();
        world.execution()
                .claims(c -> c.with("iss", Json.of("https://other.example")))
                .run();
        assertEquals(List.of("token-claims"), refused(world, ALL));
    }

    @Test
    void aViolationRecordedByThePointIsBeyond() {
        World world = World.claimed();
        Execution execution = world.execution().run();
        execution.violation("link-swapped").admit();
        assertEquals(List.of("link-swapped"), refused(world, ALL));
    }

    @Test
    void aStreamShownWithoutItsEndIsNamed() {
        World world = World.claimed();
        Execution wanted = world.execution().run();
        world.execution().run();
        Scope scope = new Scope.Action(wanted.id(Kind.INTENT));
        Findings open = accepted(world, scope);
        assertTrue(codes(open).contains("ends-not-shown"));
        assertTrue(open.openEnds().stream()
                .anyMatch(end -> end.stream().equals(world.point().stream()) && end.last() > 0));
        world.sessionEnd(world.point()).admit();
        world.sessionEnd(world.agent()).admit();
        Findings ended = accepted(world, scope);
        assertFalse(codes(ended).contains("ends-not-shown"));
        assertEquals(List.of(), ended.openEnds());
        assertFalse(codes(accepted(world, ALL)).contains("ends-not-shown"));
    }

    @Test
    void whatWasOnlyObservedSaysSo() {
        World world = World.unclaimed();
        world.execution().observed().run();
        Findings findings = accepted(world, ALL);
        assertInstanceOf(PermissionVerdict.NotEnforced.class, only(findings).permission());
        assertTrue(codes(findings)
                .containsAll(List.of(
                        "not-enforced",
                        "node-unclaimed",
                        "self-enrolled",
                        "point-shared",
                        "isolation-same-user",
                        "operator-could-rewrite",
                        "time-operator-asserted")));
    }

    @Test
    void withoutBodiesTheVerdictStaysAndPermissionIsAsserted() {
        World world = World.claimed();
        world.execution().run();
        world.log().eraseBodies();
        Findings findings = accepted(world, ALL);
        ActionFinding found = only(findings);
        assertInstanceOf(RecordVerdict.Sound.class, found.record());
        assertEquals(
                new PermissionVerdict.Asserted(List.of("contract-body", "definition", "identity-body", "use-body")),
                found.permission());
        assertEquals(new OutcomeVerdict.Agrees(Result.SUCCESS, Timing.IN_TIME), found.outcome());
        assertTrue(codes(findings).contains("bodies-missing"));
    }

    @Test
    void aLostOutcomeIsUnknown() {
        World world = World.claimed();
        Execution execution = world.execution().authorise();
        execution.use().admit();
        assertEquals(
                new OutcomeVerdict.Unknown("not-shown"),
                only(accepted(world, ALL)).outcome());
        world.tick(60_000);
        world.incomplete(execution.id(Kind.USE)).admit();
        assertEquals(
                new OutcomeVerdict.Unknown("incomplete"),
                only(accepted(world, ALL)).outcome());
        execution.outcome(Result.TOOL_ERROR).admit();
        assertEquals(
                new OutcomeVerdict.Agrees(Result.TOOL_ERROR, Timing.LATE),
                only(accepted(world, ALL)).outcome());
    }

    @Test
    void whatStrangersClaimIsInTheSummaryOfAWholeLog() {
        World world = World.claimed();
        world.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
        Party stranger = world.session("point-2", "point-2-1").admitAndJoin();
        Execution execution = world.execution().run();
        String honest = CanonicalJson.writeString(actions(accepted(world, ALL)));
        world.draft(stranger, new ExecutionFacts.Outcome(Result.NOT_SENT, Optional.empty(), 0))
                .references(References.of("use", execution.id(Kind.USE)))
                .body(b -> new ExecutionDetails.Outcome(1, Optional.empty(), Optional.empty()).toJson())
                .admit();
        world.draft(stranger, new ExecutionFacts.Refusal("beyond-limits", Optional.empty(), Optional.empty()))
                .references(References.of("identity", execution.id(Kind.IDENTITY)))
                .body(b -> new ExecutionDetails.Refusal(Optional.empty(), List.of(), "none").toJson())
                .admit();
        world.draft(stranger, new ExecutionFacts.Violation("path-moved"))
                .references(References.of("use", execution.id(Kind.USE)))
                .body(b -> new ExecutionDetails.Violation("a lie", List.of()).toJson())
                .admit();
        Findings findings = accepted(world, ALL);
        assertEquals(honest, CanonicalJson.writeString(actions(findings)));
        assertEquals(3, only(findings).action().foreign().size());
        assertEquals(3, findings.flags().size(), "each is by a foreign point");
        assertTrue(codes(findings).contains("foreign-claims"));
    }

    private static Json actions(Findings findings) {
        return findings.summary().members().getOrDefault("actions", new Json.Null());
    }

    @Test
    void aSecondOutcomeDisagrees() {
        World world = World.claimed();
        Execution execution = world.execution().run();
        execution.outcome(Result.NOT_SENT).admit();
        assertEquals(List.of("outcome-repeated"), refused(world, ALL));
    }

    @Test
    void revocationsRefusalsAndSuspensionsAreShown() {
        World world = World.claimed();
        Execution execution = world.execution().authorise();
        execution.refusal("beyond-limits").admit();
        world.revokes(world.administrator(), RegistryFacts.Target.CONTRACT, execution.id(Kind.CONTRACT))
                .admit();
        world.revokes(world.administrator(), world.agent()).admit();
        world.offer(execution.use().sign());
        world.tick(200);
        Bundle bundle = world.bundle(new Scope.Action(execution.id(Kind.INTENT)));
        Findings findings = accepted(world, bundle);
        assertEquals(new PermissionVerdict.NotShown("contract"), only(findings).permission());
        assertEquals(new OutcomeVerdict.Unknown("not-shown"), only(findings).outcome());
        assertEquals(1, only(findings).action().refusals().size());
        String text = text(world, bundle.scope());
        assertTrue(text.contains("unknown: no use is in the bundle"), text);
        assertTrue(text.contains("refused     beyond-limits at "), text);
        assertTrue(text.contains("revoked     the contract, for: "), text);
        assertTrue(text.contains("revoked     the session " + world.agent().stream()), text);
        assertTrue(text(world, ALL).contains("nothing was sent: the log has no use"), text);
        long shown = findings.leaves();
        assertTrue(shown < world.log().leaves().size());
        assertTrue(world.log().leaves().stream().anyMatch(r -> r.kind() == Kind.REFUSED));
    }

    @Test
    void anOutcomeByAPointThatWasRevokedIsTold() {
        World world = World.claimed();
        Execution execution = world.execution().authorise();
        execution.use().admit();
        world.revokes(world.administrator(), world.point()).admit();
        execution.outcome(Result.SUCCESS).admit();
        world.tick(100);
        for (Scope scope : List.of(ALL, new Scope.Action(execution.id(Kind.INTENT)))) {
            String text = text(world, scope);
            assertTrue(text.contains("flagged     outcome: signer-suspended, "), text);
            assertTrue(text.contains("revoked     the session " + world.point().stream()), text);
            assertTrue(text.contains("(records-flagged)"), text);
        }
    }

    private static String text(World world, Scope scope) {
        return ReportText.of(Verifier.verify(world.bundle(scope).bytes(), Optional.of(world.trust())));
    }

    @Test
    void aBundleWrittenAndReadIsTheSameBytes() throws Exception {
        World world = World.claimed();
        world.execution().run();
        byte[] bytes = world.bundle(ALL).bytes();
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                bytes, Bundle.parse(bytes).bytes());
    }

    private static ActionFinding only(Findings findings) {
        assertEquals(1, findings.actions().size());
        return findings.actions().getFirst();
    }

    private static Findings accepted(World world, Scope scope) {
        return accepted(world, world.bundle(scope));
    }

    private static Findings accepted(World world, Bundle bundle) {
        Report report = Verifier.verify(bundle.bytes(), Optional.of(world.trust()));
        return assertInstanceOf(Report.Accepted.class, report, report.toString())
                .bundle()
                .findings();
    }

    private static List<String> refused(World world, Scope scope) {
        Report report = Verifier.verify(world.bundle(scope).bytes(), Optional.of(world.trust()));
        assertInstanceOf(Report.Refused.class, report, report.toString());
        return report.codes();
    }

    private static List<String> codes(Findings findings) {
        return findings.notes().stream().map(Note::code).toList();
    }
}
