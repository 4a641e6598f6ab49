package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.PredecessorAudit;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.predecessor.Predecessor;
import dev.jurat.proof.predecessor.ShownLeaf;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.Findings;
import dev.jurat.proof.verify.Note;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.ReportJson;
import dev.jurat.proof.verify.ReportText;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.NewLog;
import dev.jurat.testkit.NewLog.Person;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import dev.jurat.testkit.WorldSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a reader is told of a log that has taken the place of another, and what the old log itself then shows. */
class PredecessorTest {
    private static final Person FIRST = Person.of("administrator", Role.ADMINISTRATOR);
    private static final Person SECOND = Person.of("second", Role.ADMINISTRATOR);

    private final World old = World.claimed();
    private final Party second = new Successions(old).secondAdministrator();

    private NewLog successor() {
        return new NewLog("new", NewLog.cite(old, old.checkpoint()), FIRST, SECOND);
    }

    private static Findings findings(NewLog log, TrustPolicy trust) {
        Report report = Verifier.verify(log.bundle().bytes(), Optional.of(trust));
        return assertInstanceOf(Report.Accepted.class, report).bundle().findings();
    }

    private static List<String> codes(Findings findings) {
        return findings.notes().stream().map(Note::code).toList();
    }

    private static Predecessor predecessor(NewLog log) {
        return findings(log, log.trust()).predecessor().orElseThrow().predecessor();
    }

    // ---- bundles

    @Test
    void whoeverTrustsTheNewLogIsToldWhichLogItSaysItSucceeds() {
        NewLog log = successor();
        Findings findings = findings(log, log.trust());
        assertEquals("stated", findings.predecessor().orElseThrow().continuity());
        assertTrue(codes(findings).containsAll(List.of("predecessor-stated", "predecessor-unwitnessed")));
        Predecessor before = predecessor(log);
        assertEquals(old.log().genesisId(), before.genesis());
        assertEquals(old.log().tree().root(), before.cited().root());
        assertEquals(2, before.signers().size());
        String text = ReportText.of(Verifier.verify(log.bundle().bytes(), Optional.of(log.trust())));
        assertTrue(
                text.contains("takes the place of " + World.ORIGIN + " at "
                        + old.log().leaves().size()),
                text);
    }

    @Test
    void whoeverTrustsTheOldLogAndFollowsBelievesTheNewOneByItsPeople() {
        NewLog log = successor();
        Report report =
                Verifier.verify(log.bundle().bytes(), Optional.of(old.trust().followingSuccessors()));
        Findings findings =
                assertInstanceOf(Report.Accepted.class, report).bundle().findings();
        assertEquals("succeeded", findings.predecessor().orElseThrow().continuity());
        assertTrue(codes(findings).contains("successor-followed"));
        assertFalse(codes(findings).contains("predecessor-stated"));
        assertTrue(ReportJson.of(report).toString().contains("succeeded"));
    }

    @Test
    void aReaderWhoDoesNotFollowIsToldWhatWouldHelp() {
        Report report = Verifier.verify(successor().bundle().bytes(), Optional.of(old.trust()));
        String text = ReportText.of(report);
        assertTrue(text.contains("\"successor\": \"administrators\""), text);
    }

    @Test
    void twoSuccessorsOfOneLogAreTwoLogsAndNeitherIsTakenForTheOther() {
        NewLog one = successor();
        NewLog other = new NewLog("other", NewLog.cite(old, old.checkpoint()), FIRST, SECOND);
        TrustPolicy following = old.trust().followingSuccessors();
        assertFalse(findings(one, following)
                .genesis()
                .equals(findings(other, following).genesis()));
        Report mixed = Verifier.verify(other.bundle().bytes(), Optional.of(one.trust()));
        assertEquals("trust-log", mixed.codes().getFirst());
    }

    @Test
    void aTrustPolicyThatFollowsNamesItsGenesisAndReadsAsItWasWritten() throws FormatException {
        TrustPolicy following = old.trust().followingSuccessors();
        assertEquals(following, TrustPolicy.read(following.bytes()));
        String text = new String(following.bytes(), StandardCharsets.UTF_8);
        for (String wrong : List.of(
                text.replaceFirst("\"genesis\":\"[0-9a-f]+\",", ""), text.replace("administrators", "anybody"))) {
            FormatException refused =
                    assertThrows(FormatException.class, () -> TrustPolicy.read(wrong.getBytes(StandardCharsets.UTF_8)));
            assertEquals("trust-successor", refused.code());
        }
    }

    // ---- genesis

    @Test
    void aGenesisCitesNothingThatIsNoneOfItsArtefacts() throws FormatException {
        SignedRecord sound = successor().genesis();
        new Lifecycle(SignatureChecker.standard()).begin(sound);
        LedgerFacts.Genesis facts = (LedgerFacts.Genesis) sound.statement().facts();
        LedgerFacts.Genesis bare = new LedgerFacts.Genesis(
                facts.spec(),
                facts.rules(),
                facts.origin(),
                facts.suites(),
                facts.checkpointKey(),
                facts.principals(),
                List.of(),
                List.of(),
                facts.predecessor());
        SignedRecord forged = SignedRecord.sign(
                new Statement(sound.header(), bare, Hash.ZERO), World.key("new ledger"), FIRST.key(), SECOND.key());
        FormatException refused =
                assertThrows(FormatException.class, () -> new Lifecycle(SignatureChecker.standard()).begin(forged));
        assertEquals("genesis-invalid", refused.code());
    }

    @Test
    void bytesThatGenesisDoesNotNameAreNotWhatItCites() {
        LedgerFacts.Genesis facts =
                (LedgerFacts.Genesis) successor().genesis().statement().facts();
        old.execution().run();
        byte[] other = NewLog.cite(old, old.checkpoint()).bytes();
        FormatException refused =
                assertThrows(FormatException.class, () -> Predecessor.check(facts, other, SignatureChecker.standard()));
        assertEquals("predecessor-mismatch", refused.code());
    }

    // ---- audits

    private static AuditReport audited(NewLog log, TrustPolicy trust) throws FormatException, IOException {
        return new LogAudit(
                        log.source(),
                        Optional.of(trust),
                        Optional.empty(),
                        SignatureChecker.standard(),
                        Optional.empty(),
                        defect -> {})
                .run((read, size) -> {});
    }

    @Test
    void anAuditFollowsAsAVerifierDoes() throws FormatException, IOException {
        NewLog log = successor();
        AuditReport followed = audited(log, old.trust().followingSuccessors());
        assertEquals(List.of(), followed.defects());
        assertEquals("succeeded", followed.predecessor().orElseThrow().continuity());
        AuditReport refused = audited(log, old.trust());
        assertTrue(refused.defects().stream().map(Defect::code).toList().contains("trust-log"));
        NewLog strangers =
                new NewLog("new", NewLog.cite(old, old.checkpoint()), Person.of("stranger", Role.ADMINISTRATOR));
        assertEquals(
                "successor-foreign",
                audited(strangers, strangers.trust()).defects().getFirst().code());
    }

    private static PredecessorAudit.Found held(NewLog log, WorldSource source) throws FormatException, IOException {
        return new PredecessorAudit(predecessor(log), source)
                .run(Optional.empty(), SignatureChecker.standard(), RandomSource.secure(), (read, size) -> {});
    }

    private String refusal(NewLog log, WorldSource source) {
        return assertThrows(FormatException.class, () -> held(log, source)).code();
    }

    private WorldSource now(World world) {
        return new WorldSource(world.log(), world.checkpoint());
    }

    @Test
    void whatTheOldLogHasBehindTheCitedSizeIsCounted() throws FormatException, IOException {
        NewLog log = successor();
        assertEquals(0, held(log, now(old)).behind().size());
        old.execution().run();
        PredecessorAudit.Found found = held(log, now(old));
        assertEquals(1L, found.behind().get(Kind.INTENT));
        assertEquals(old.log().leaves().size(), found.size());
    }

    @Test
    void aForkOfTheOldLogIsNotTheOneThatWasCited() {
        World fork = World.claimed();
        fork.execution().run();
        fork.execution().run();
        assertEquals("predecessor-differs", refusal(successor(), now(fork)));
    }

    @Test
    void aCopyThatEndsBeforeTheCitedSizeShowsNothing() {
        assertEquals("predecessor-short", refusal(successor(), now(World.claimed())));
    }

    /** Whoever has one administrator's key suspends the other, and would be the only one. */
    @Test
    void aThiefOfOneKeyCarriesTheLogOverAlone() {
        old.draft(
                        second,
                        new RegistryFacts.Revocation(
                                RegistryFacts.Target.PRINCIPAL,
                                "suspended",
                                Optional.empty(),
                                Optional.of(World.principal("administrator", SignerType.HUMAN))))
                .body(body -> new PersonDetails("left the company").toJson())
                .admit();
        Citation honest = NewLog.cite(old, old.checkpoint());
        assertEquals(
                "successor-four-eyes",
                Verifier.verify(new NewLog("new", honest, SECOND).bundle().bytes(), Optional.empty())
                        .codes()
                        .getFirst());
    }

    /** What administrators have said of one another is shown with the rest: who was retired is none any more, also for who has the artefact alone. */
    @Test
    void whoWasRetiredCarriesTheLogOver() throws FormatException, IOException {
        World.Entrance entrance = old.enrolledBy(old.administrator(), "third", SignerType.HUMAN, Role.ADMINISTRATOR);
        Party third = entrance.party();
        entrance.draft()
                .fact("with", Json.of(second.principal()))
                .signedBy(third.key(), old.administrator().key(), second.key())
                .admit();
        PrincipalDrafts drafts = new PrincipalDrafts(old);
        drafts.binds(second, third.principal(), new OutsideName.Oidc("https://id.example.org", "3"), true)
                .admit();
        drafts.retires(second, third.principal()).admit();
        NewLog log = successor();
        assertEquals(
                List.of(FIRST.registered(), SECOND.registered()).stream()
                        .sorted(Comparator.comparing(p -> p.principal()))
                        .toList(),
                predecessor(log).administrators());
        assertEquals(0, held(log, now(old)).behind().size());
        NewLog by = new NewLog(
                "new", NewLog.cite(old, old.checkpoint()), FIRST, SECOND, Person.of("third", Role.ADMINISTRATOR));
        assertEquals(
                "successor-foreign",
                Verifier.verify(by.bundle().bytes(), Optional.empty()).codes().getFirst());
    }

    @Test
    void aSuspensionThatWasLeftOutIsSeenInTheOldLog() {
        old.draft(
                        second,
                        new RegistryFacts.Revocation(
                                RegistryFacts.Target.PRINCIPAL,
                                "suspended",
                                Optional.empty(),
                                Optional.of(World.principal("administrator", SignerType.HUMAN))))
                .body(body -> new PersonDetails("left the company").toJson())
                .admit();
        long suspension = old.log().leaves().size() - 1L;
        SignedNote note = old.checkpoint();
        Citation honest = NewLog.cite(old, note);
        List<ShownLeaf> shown = new ArrayList<>(honest.shown());
        assertTrue(shown.removeIf(leaf -> leaf.index() == suspension));
        Citation lying = new Citation(note, honest.reason(), shown, Optional.empty());

        assertEquals(
                List.of("successor-foreign"),
                Verifier.verify(
                                new NewLog("new", honest, FIRST, SECOND)
                                        .bundle()
                                        .bytes(),
                                Optional.empty())
                        .codes()
                        .subList(0, 1));
        NewLog log = new NewLog("new", lying, FIRST, SECOND);
        assertEquals(2, predecessor(log).administrators().size());
        assertEquals("predecessor-withheld", refusal(log, now(old)));
    }
}
