package dev.jurat.testkit.assess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.assess.Assessment;
import dev.jurat.proof.assess.AssessmentText;
import dev.jurat.proof.assess.Criterion;
import dev.jurat.proof.assess.Evidence;
import dev.jurat.proof.assess.Finding;
import dev.jurat.proof.assess.Level;
import dev.jurat.proof.assess.Pointer;
import dev.jurat.proof.assess.Survey;
import dev.jurat.proof.assess.Verdict;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.PrincipalFacts.KeptIn;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Forgery;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an assessment by AG-016 says of logs that are sound, and of those that somebody has had a hand in. */
final class AssessmentTest {
    private static final Scope ALL = new Scope.All();
    private static final NoteSigner WITNESS = NoteSigner.cosigner("witness.example", World.key("witness"));

    static Assessment of(LogSource source, Optional<TrustPolicy> trust) {
        Survey survey = new Survey();
        LogAudit audit = new LogAudit(
                        source, trust, Optional.empty(), SignatureChecker.standard(), Optional.empty(), defect -> {})
                .watchedBy(survey);
        try {
            return Assessment.of(Evidence.of(audit.run((read, size) -> {}), trust, survey));
        } catch (IOException | FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    static Assessment of(World world) {
        return of(new ShownLog(world, world.checkpoint()), Optional.of(world.trust()));
    }

    static Assessment ofBundle(byte[] bundle, World world) {
        try {
            return Assessment.of(Evidence.of(bundle, Optional.of(world.trust()), SignatureChecker.standard()));
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Assessment.Assessed at(Assessment assessment, Criterion criterion) {
        return assessment.assessed().get(criterion.ordinal());
    }

    private static String verdict(Assessment assessment, Criterion criterion) {
        return at(assessment, criterion).verdict().code();
    }

    private static Finding finding(Assessment assessment, Criterion criterion, String code) {
        return at(assessment, criterion).findings().stream()
                .filter(f -> f.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static String answer(Assessment assessment, Criterion criterion, String code) {
        return finding(assessment, criterion, code).verdict().code();
    }

    private static String numbers(Assessment assessment, Verdict verdict) {
        return assessment.assessed().stream()
                .filter(a -> a.verdict().code().equals(verdict.code()))
                .map(a -> a.criterion().number())
                .collect(Collectors.joining(" "));
    }

    static World world() {
        World world = World.claimed();
        world.execution().run();
        return world;
    }

    /** What an assessment of a log says differently of another: by number, from what to what. */
    private static List<String> changes(Assessment before, Assessment after) {
        return Arrays.stream(Criterion.values())
                .filter(c -> !verdict(before, c).equals(verdict(after, c)))
                .map(c -> c.number() + " " + verdict(after, c))
                .toList();
    }

    private static void leaf(long index, Finding finding) {
        assertTrue(
                finding.evidence().getFirst() instanceof Pointer.OfRecord record && record.leaf() == index,
                finding.toString());
    }

    // ---- sound logs

    @Test
    void aSoundLogIsSaidToMeetMoreThanItsRecordsShow() {
        Assessment assessment = of(world());
        assertEquals(
                "4.2 4.4 8.1 8.2 intermediate.registry intermediate.structured",
                numbers(assessment, new Verdict.Measured()));
        assertEquals("4.1 4.3 8.4 basic.issued", numbers(assessment, new Verdict.Declared("")));
        assertEquals(
                "4.6 4.7 8.3 8.5 advanced.audited advanced.attacked",
                numbers(assessment, new Verdict.NotAssessable("")));
        assertEquals("4.5 8.6 intermediate.hardware advanced.witnessed", numbers(assessment, new Verdict.NotMet()));
        assertEquals(Optional.of(Level.BASIC), assessment.level());
        assertFalse(assessment.contradicted());
        assertEquals(
                List.of("4.6", "8.6", "intermediate.hardware"),
                assessment.missing().stream().map(a -> a.criterion().number()).toList());
    }

    @Test
    void theTableHasAnotherOrderThanTheSpecificationOrLeavesOneOut() {
        assertEquals(
                "4.1 4.2 4.3 4.4 4.5 4.6 4.7 8.1 8.2 8.3 8.4 8.5 8.6",
                Arrays.stream(Criterion.values())
                        .filter(c -> c.duty() != Criterion.Duty.LEVEL)
                        .map(Criterion::number)
                        .collect(Collectors.joining(" ")));
        for (Assessment.Assessed assessed : of(world()).assessed()) {
            assertFalse(assessed.findings().isEmpty(), assessed.criterion().number());
            assessed.findings().stream()
                    .filter(f -> !(f.verdict() instanceof Verdict.NotAssessable))
                    .forEach(f -> assertFalse(f.evidence().isEmpty(), f.toString()));
        }
    }

    @Test
    void whoseLogItIsIsMeasuredWithoutATrustPolicy() {
        World world = world();
        Assessment assessment = of(new ShownLog(world, world.checkpoint()), Optional.empty());
        assertEquals("declared", verdict(assessment, Criterion.C42));
        leaf(0, finding(assessment, Criterion.C42, "log-key"));
        assertEquals(
                List.of("4.2 declared", "8.2 declared", "intermediate.registry declared"),
                changes(of(world), assessment));
    }

    @Test
    void aLogIsSaidToHaveWitnessesThatHasNone() {
        World world = world();
        TrustPolicy trust = witnessed(world);
        SignedNote note = world.checkpoint();
        Assessment with = of(new ShownLog(world, cosigned(note, world.nowMillis())), Optional.of(trust));
        assertEquals(List.of("4.3 measured", "8.4 measured", "advanced.witnessed measured"), changes(of(world), with));
        assertEquals("measured", answer(with, Criterion.T85, "witness-time"));
        assertEquals("measured", answer(with, Criterion.C45, "witness-time"));
        Assessment without = of(new ShownLog(world, note), Optional.of(trust));
        assertEquals(
                List.of("4.3 not-met", "8.3 not-met", "8.4 not-met", "advanced.witnessed not-met"),
                changes(with, without));
        assertEquals("not-assessable", answer(without, Criterion.T85, "witness-time"));
        assertEquals("not-assessable", answer(without, Criterion.C45, "witness-time"));
        assertEquals("measured", verdict(without, Criterion.C42));
        assertTrue(without.contradicted());
        assertEquals(Optional.empty(), without.level());
    }

    @Test
    void aLogsClockIsBelievedThatIsAheadOfItsWitness() {
        World world = world();
        SignedNote note = world.checkpoint();
        Optional<TrustPolicy> trust = Optional.of(witnessed(world));
        Assessment early = of(new ShownLog(world, cosigned(note, world.nowMillis() - 62_000)), trust);
        assertEquals("not-met", answer(early, Criterion.T85, "witness-time"));
        assertEquals("not-met", answer(early, Criterion.C45, "witness-time"));
        Assessment near = of(new ShownLog(world, cosigned(note, world.nowMillis() - 59_000)), trust);
        assertEquals("measured", answer(near, Criterion.T85, "witness-time"));
        Assessment silent = of(new ShownLog(world, cosigned(note, 0)), trust);
        assertEquals("not-assessable", answer(silent, Criterion.T85, "witness-time"));
    }

    private static SignedNote cosigned(SignedNote note, long millis) {
        return note.with(WITNESS.cosign(note.text(), millis / 1000));
    }

    private static TrustPolicy witnessed(World world) {
        return new TrustPolicy(
                world.logKey(),
                Optional.empty(),
                Optional.of(new TrustPolicy.Witnesses.Counted(1, List.of(WITNESS.verifier()))));
    }

    // ---- who has which key

    @Test
    void anAgentThatNobodyVouchedForHasItsKeyFromTheOrganisation() {
        World world = World.unclaimed();
        world.execution().observed().run();
        Assessment assessment = of(world);
        assertEquals("not-met", verdict(assessment, Criterion.ISSUED));
        leaf(enrolment(world, "agent"), finding(assessment, Criterion.ISSUED, "issued"));
        assertEquals(Optional.empty(), assessment.level());
        assertTrue(assessment.contradicted());

        // Whoever may not vouch has not.
        World lied = World.unclaimed();
        lied.changes(lied.point(), "agent", SignerType.AGENT, RegistryFacts.KeyAction.CONFIRM, Role.AGENT)
                .append();
        assertEquals("not-met", verdict(of(lied), Criterion.ISSUED));
        assertEquals("not-met", verdict(ofBundle(lied.bundle(ALL).bytes(), lied), Criterion.ISSUED));

        Party you = world.claims("you").admitAndJoin();
        world.changes(you, "agent", SignerType.AGENT, RegistryFacts.KeyAction.CONFIRM, Role.AGENT)
                .admit();
        assertEquals("declared", verdict(of(world), Criterion.ISSUED));
    }

    private static long enrolment(World world, String name) {
        String principal = World.principal(name, SignerType.AGENT);
        for (int i = 0; i < world.log().leaves().size(); i++) {
            if (world.log().leaves().get(i).statement().facts() instanceof RegistryFacts.Key key
                    && key.principal().equals(principal)) {
                return i;
            }
        }
        throw new IllegalStateException("nobody enrolled " + name);
    }

    @Test
    void aSessionThatSharesItsProcessIsApartFromThePoint() {
        World world = world();
        Finding shared = finding(of(world), Criterion.T86, "point-apart");
        assertEquals("not-met", shared.verdict().code());
        leaf(sessionOf(world, world.agent()), shared);
    }

    @Test
    void aSessionThatSaysThatItIsApartIsFoundToBe() {
        World world = World.apart();
        world.execution().run();
        Assessment assessment = of(world);
        Finding declared = finding(assessment, Criterion.T86, "point-apart");
        assertEquals(new Verdict.Declared(world.agent().principal()), declared.verdict());
        leaf(sessionOf(world, world.agent()), declared);
        assertEquals("declared", verdict(assessment, Criterion.HARDWARE));
        assertEquals(
                List.of("4.6"),
                assessment.missing().stream().map(a -> a.criterion().number()).toList());

        // One session that says less is enough.
        World.Entrance entrance = world.session("agent", "agent-2");
        entrance.draft().fact("isolation", Json.of("other-user")).admit();
        Assessment less = of(world);
        assertEquals("not-met", verdict(less, Criterion.HARDWARE));
        leaf(sessionOf(world, entrance.party()), finding(less, Criterion.HARDWARE, "hardware"));
        assertEquals("declared", verdict(less, Criterion.T86));
    }

    /** Where a key is, an administrator says against the session's word, either way. */
    @Test
    void anAdministratorsWordOnAKeyIsPassedOver() {
        World world = World.claimed();
        PrincipalDrafts drafts = new PrincipalDrafts(world);
        world.execution().run();
        assertEquals("not-met", verdict(of(world), Criterion.HARDWARE), "a wrapper has it");
        String agent = world.agent().principal();
        String key = World.key("agent").verifyKey().text();
        Matter token =
                drafts.states(world.administrator(), agent, key, KeptIn.PKCS11).admit();
        Finding said = finding(of(world), Criterion.HARDWARE, "hardware");
        assertEquals(new Verdict.Declared(world.administrator().principal()), said.verdict());
        leaf(world.indexOf(token.id()), said);
        Matter file = drafts.states(world.administrator(), agent, key, KeptIn.SOFTWARE)
                .admit();
        assertEquals("not-met", verdict(of(world), Criterion.HARDWARE));
        leaf(world.indexOf(file.id()), finding(of(world), Criterion.HARDWARE, "hardware"));
    }

    private static long sessionOf(World world, Party party) {
        return world.indexOf(world.log().leaves().stream()
                .filter(r -> r.header().stream().equals(party.stream()))
                .findFirst()
                .orElseThrow()
                .id());
    }

    // ---- attacks

    @Test
    void aRecordWithAnotherSignatureIsAttributed() {
        World world = world();
        long intent = world.indexOf(Kind.INTENT);
        Assessment edited = of(new ShownLog(world, world.checkpoint()).spoil(intent), Optional.of(world.trust()));
        assertEquals("not-met", answer(edited, Criterion.C41, "signatures"));
        leaf(intent, finding(edited, Criterion.C41, "signatures"));
        assertEquals("not-met", verdict(edited, Criterion.T81));
        assertEquals("not-met", answer(edited, Criterion.T86, "forged"));
        assertEquals("not-met", answer(edited, Criterion.C44, "tree"));
        assertEquals("measured", answer(edited, Criterion.C42, "log-key"));
        assertTrue(edited.contradicted());
        assertEquals(Optional.empty(), edited.level());
    }

    @Test
    void aRecordByAKeyThatNobodyRegisteredIsAttributed() {
        World world = world();
        Party stranger = world.session("agent", "stranger").party();
        Matter forged = world.observation(stranger, "x").append();
        Assessment assessment = of(world);
        long index = world.indexOf(forged.id());
        leaf(index, finding(assessment, Criterion.C41, "signatures"));
        leaf(index, finding(assessment, Criterion.C42, "record-keys"));
        leaf(index, finding(assessment, Criterion.T82, "derived"));
        assertEquals("measured", answer(assessment, Criterion.C44, "tree"), "the log's own key has signed for it");
        assertTrue(assessment.contradicted());
    }

    @Test
    void aClonedSessionHasItsKeyAlone() {
        World world = world();
        Matter first = world.execution().intent().admit();
        long number = first.record().header().sequence();
        Matter second = world.execution().intent().sequence(number).peek();
        assertEquals(List.of(new Judgement.Conflicting(first.id())), world.judge(second));
        Matter conflict = world.draft(
                        world.ledger(),
                        new LedgerFacts.Conflict(world.agent().stream(), number, second.id(), first.id()))
                .body(ignored -> new LedgerDetails(List.of(LedgerDetails.Kept.of(
                                second.record(), second.body().map(Body::bytes))))
                        .toJson())
                .admit();
        Assessment assessment = of(world);
        assertEquals(List.of("4.1 not-met", "8.3 declared"), changes(of(world()), assessment));
        leaf(world.indexOf(conflict.id()), finding(assessment, Criterion.C41, "one-holder"));
        leaf(world.indexOf(conflict.id()), finding(assessment, Criterion.T83, "boundaries"));
        assertTrue(assessment.contradicted());
        assertEquals(Optional.empty(), assessment.level());
    }

    @Test
    void recordsInAnotherOrderAreChained() {
        World world = world();
        long last = world.log().leaves().size() - 1;
        Assessment assessment =
                of(new ShownLog(world, world.checkpoint()).swap(last - 1, last), Optional.of(world.trust()));
        assertEquals("not-met", verdict(assessment, Criterion.C44));
        assertEquals("not-met", verdict(assessment, Criterion.C43));
        assertEquals("not-met", verdict(assessment, Criterion.T84));
        assertEquals("measured", answer(assessment, Criterion.C41, "signatures"));
    }

    @Test
    void aLogWithoutItsEndIsComplete() {
        World world = world();
        Assessment assessment = of(new ShownLog(world, world.checkpoint()).cut(), Optional.of(world.trust()));
        assertEquals("not-met", verdict(assessment, Criterion.T81));
        assertEquals("not-met", verdict(assessment, Criterion.C44));
        assertEquals("not-assessable", answer(assessment, Criterion.C41, "signatures"), "nobody has seen them");
        assertEquals("not-met", verdict(assessment, Criterion.C41));
        assertTrue(assessment.contradicted());
    }

    @Test
    void aKeyThatWasTakenOutOfUseChangesWhatItSignedBefore() {
        World world = world();
        Matter revoked = world.revokes(world.administrator(), world.agent()).admit();
        Assessment after = of(world);
        assertEquals(List.of("8.3 declared"), changes(of(world()), after));
        Finding measured = finding(after, Criterion.T83, "boundaries");
        assertEquals("measured", measured.verdict().code());
        leaf(world.indexOf(revoked.id()), measured);

        long written = world.log().leaves().stream()
                .filter(r ->
                        r.header().stream().principal().equals(world.agent().principal()))
                .count();
        assertTrue(measured.text().contains("the " + written + " records of their holders"), measured.text());
        world.changes(world.administrator(), "agent", SignerType.AGENT, RegistryFacts.KeyAction.SUSPEND, Role.AGENT)
                .admit();
        String twice = finding(of(world), Criterion.T83, "boundaries").text();
        assertTrue(twice.contains("keys put out of use 2") && twice.contains("the " + written + " records"), twice);

        // A ledger that was taken over lets the thief in all the same.
        Matter late = world.execution().intent().append();
        Assessment broken = of(world);
        assertEquals("not-met", answer(broken, Criterion.T83, "boundaries"));
        leaf(world.indexOf(late.id()), finding(broken, Criterion.T83, "boundaries"));
        assertEquals("not-met", verdict(broken, Criterion.C43));
        assertEquals(Optional.empty(), broken.level());
    }

    @Test
    void aStolenKeyMakesWhatWasBeforeItsBoundaryDoubtful() {
        World world = world();
        Successions successions = new Successions(world);
        Party second = successions.secondAdministrator();
        long theft = world.log().leaves().size();
        world.execution().run();
        Matter report = successions
                .compromised(world.administrator(), second, "agent", SignerType.AGENT, "agent", theft)
                .admit();
        Finding measured = finding(of(world), Criterion.T83, "boundaries");
        assertEquals("measured", measured.verdict().code());
        leaf(world.indexOf(report.id()), measured);
        assertTrue(measured.text().contains("the first from leaf " + theft + " on"), measured.text());
        assertTrue(measured.text().contains("what lies between is suspect"), measured.text());

        Matter late = world.execution().intent().append();
        Assessment broken = of(world);
        assertEquals("not-met", answer(broken, Criterion.T83, "boundaries"));
        leaf(world.indexOf(late.id()), finding(broken, Criterion.T83, "boundaries"));
    }

    @Test
    void aKeyIsReplacedWithoutItsOwnWord() {
        World world = world();
        assertEquals("not-assessable", answer(of(world), Criterion.C46, "overlap"));
        Matter rotated = new Successions(world)
                .rotates("agent", SignerType.AGENT, "agent", "agent-next")
                .draft()
                .admit();
        Finding measured = finding(of(world), Criterion.C46, "overlap");
        assertEquals("measured", measured.verdict().code());
        leaf(world.indexOf(rotated.id()), measured);

        World forged = world();
        new Successions(forged)
                .rotates("agent", SignerType.AGENT, "agent", "thief")
                .draft()
                .signedBy(World.key("thief"), World.key("thief"))
                .append();
        assertEquals("not-met", verdict(of(forged), Criterion.C41));
        assertEquals("not-assessable", answer(of(forged), Criterion.C46, "overlap"), "nobody has rotated");
    }

    @Test
    void aBodyThatIsGoneIsVerified() {
        World world = world();
        Execution execution = world.execution().run();
        world.erases(world.administrator(), execution.id(Kind.INTENT)).admit();
        world.log().erase(execution.id(Kind.INTENT));
        Assessment assessment = of(world);
        assertEquals(List.of("8.2 declared"), changes(of(world()), assessment));
        Finding bodies = finding(assessment, Criterion.T82, "bodies");
        leaf(world.indexOf(execution.id(Kind.INTENT)), bodies);
        assertTrue(bodies.text().contains("erasures on the log: 1"), bodies.text());
        assertEquals(Optional.of(Level.BASIC), assessment.level());
    }

    @Test
    void timeThatGoesBackIsTime() {
        World world = world();
        Matter back = world.clock(World.START_MILLIS, World.START_MILLIS + 5).append();
        Assessment assessment = of(world);
        leaf(world.indexOf(back.id()), finding(assessment, Criterion.T85, "clocks"));
        assertTrue(assessment.contradicted(), "as by every defect");
        assertEquals("not-met", verdict(assessment, Criterion.T85));
    }

    // ---- bundles

    @Test
    void aBundleOfAllIsLessThanTheLog() {
        World world = world();
        Assessment bundle = ofBundle(world.bundle(ALL).bytes(), world);
        assertEquals(List.of("4.7 measured"), changes(of(world), bundle));
        assertEquals(Optional.of(Level.BASIC), bundle.level());
    }

    @Test
    void aPartOfALogShowsThatNothingIsMissing() {
        World world = World.claimed();
        Execution wanted = world.execution().run();
        world.execution().run();
        Assessment part =
                ofBundle(world.bundle(new Scope.Action(wanted.id(Kind.INTENT))).bytes(), world);
        for (Criterion criterion : List.of(Criterion.C41, Criterion.C44, Criterion.T81, Criterion.T84)) {
            assertEquals("not-assessable", verdict(part, criterion), criterion.number());
        }
        assertEquals("measured", answer(part, Criterion.C41, "signatures"));
        assertEquals("measured", verdict(part, Criterion.C47));
        assertEquals(Optional.empty(), part.level());
        assertFalse(part.contradicted(), "nothing speaks against it");
    }

    @Test
    void aForgedBundleIsACertificate() {
        World world = world();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        forgery.rewriteFacts(world.indexOf(Kind.OUTCOME), facts -> facts.with("result", Json.of("tool-error")));
        Assessment assessment = ofBundle(forgery.bytes(), world);
        assertEquals("not-met", verdict(assessment, Criterion.C47));
        leaf(world.indexOf(Kind.OUTCOME), finding(assessment, Criterion.C41, "signatures"));
        assertTrue(assessment.contradicted());

        Forgery other = Forgery.of(world.bundle(ALL));
        other.signCheckpoint(World.key("thief"));
        Assessment foreign = ofBundle(other.bytes(), world);
        assertEquals("not-met", answer(foreign, Criterion.C42, "log-key"));
        assertEquals("measured", answer(foreign, Criterion.C41, "signatures"));
    }

    @Test
    void aBodyIsMissingFromACertificateThatSaysNothing() {
        World world = world();
        world.log().eraseBodies();
        Assessment assessment = ofBundle(world.bundle(ALL).bytes(), world);
        assertEquals("declared", verdict(assessment, Criterion.C47));
    }

    @Test
    void whatIsNoBundleIsAssessed() {
        World world = world();
        assertThrows(
                FormatException.class,
                () -> Evidence.of(new byte[] {1, 2, 3}, Optional.empty(), SignatureChecker.standard()));
        byte[] cut = world.bundle(ALL).bytes();
        assertThrows(
                FormatException.class,
                () -> Evidence.of(Arrays.copyOf(cut, cut.length - 1), Optional.empty(), SignatureChecker.standard()));
    }

    // ---- what is written

    @Test
    void aLineIsWiderThanATerminalOrDrivesIt() {
        World world = world();
        String text = AssessmentText.of(of(world), "/a/\u001b[2J" + "very-long-name-of-a-folder".repeat(9));
        text.lines().forEach(line -> assertTrue(line.length() <= AssessmentText.COLUMNS, line));
        assertFalse(text.contains("\u001b"), text);
        assertTrue(text.contains("Level: basic, on somebody's word in 4.1, 4.3, basic.issued.\n"), text);
        assertTrue(text.contains("Between this and intermediate:"), text);
    }
}
