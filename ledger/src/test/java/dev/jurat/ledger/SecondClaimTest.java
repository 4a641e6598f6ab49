package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.ReadOnlyStorage;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditMark;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Somebody has the disk of a claimed node, with all keys of the node's own, and wants to be its administrator: what they can write there, and
 * who sees it. Operators' keys are on that disk under their passphrases alone.
 */
class SecondClaimTest {
    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private static AuditReport audit(FaultStorage folder, Optional<TrustPolicy> trust, Optional<AuditMark> mark)
            throws Exception {
        return new LogAudit(
                        FolderLog.open(new ReadOnlyStorage(folder, folder::open)),
                        trust,
                        mark,
                        LedgerRig::verifies,
                        Optional.empty(),
                        defect -> {})
                .run((read, size) -> {});
    }

    private static Set<String> codes(AuditReport report) {
        return report.defects().stream().map(Defect::code).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theRunningNodeIsClaimedAgain() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            Draft claim = world.claims("mallory").draft();
            assertEquals("already-claimed", answered(ledger, claim));
            Draft own =
                    world.enrolsItself("mallet", SignerType.AGENT, Role.AGENT).draft();
            assertEquals("enrolment-closed", answered(ledger, own));
            Draft byGovernor = world.enrolledBy(world.governor(), "mallory-2", SignerType.HUMAN, Role.ADMINISTRATOR)
                    .draft();
            assertEquals("signature-invalid", answered(ledger, byGovernor));
        }
        AuditReport report = audit(storage, Optional.of(world.trust()), Optional.empty());
        assertEquals(Set.of(), codes(report), "the attempts are on the log, refused");
        assertEquals(report.size(), world.log().leaves().size() + 0L);
    }

    private String answered(Ledger ledger, Draft draft) throws LedgerException {
        GroupAnswer answer = ledger.append(LedgerRig.group(draft.peek()));
        rig.follow(ledger);
        if (answer instanceof GroupAnswer.PushedBack pushed) {
            return pushed.code();
        }
        GroupAnswer.Committed committed = (GroupAnswer.Committed) answer;
        return ((RecordAnswer.Refused) committed.results().getFirst()).rule().code();
    }

    /** The thief writes the claim into the files; {@link PlantedDefectsTest} has what an audit says of such. */
    @Test
    void aClaimIsWrittenIntoTheFiles() throws Exception {
        world.log().append(world.claims("mallory").draft().peek());
        FaultStorage storage = rig.seed();
        assertTrue(opened(storage).contains("ALREADY_CLAIMED"), "no start takes it for a log");
    }

    /** The world's log in a folder that a ledger has had open, and so signed. */
    private static FaultStorage begun(LedgerRig rig) throws Exception {
        FaultStorage storage = rig.seed();
        rig.open(storage).close();
        return storage;
    }

    private String opened(FaultStorage storage) {
        try (Ledger ledger = rig.open(storage)) {
            return "open at " + ledger.head().size();
        } catch (LedgerException | IllegalStateException e) {
            return e + " " + e.getMessage();
        }
    }

    /** An enrolment by the administrator, whose signature somebody else has made. */
    private Matter forged() throws Exception {
        Matter honest = world.enrolledBy(world.administrator(), "mallory", SignerType.HUMAN, Role.ADMINISTRATOR)
                .draft()
                .sign();
        List<byte[]> signatures = new ArrayList<>(honest.record().signatures());
        signatures.set(1, World.key("mallory").sign(honest.record().preAuthentication()));
        return new Matter(SignedRecord.of(honest.record().payload(), signatures), honest.body());
    }

    @Test
    void anEnrolmentIsWrittenIntoTheFilesThatNoAdministratorSigned() throws Exception {
        world.log().append(forged());
        assertTrue(opened(rig.seed()).contains("SIGNATURE_INVALID"), "no start takes it for a record");
    }

    /** A start checks no signature again below a size that the log's own key signed: that the thief has. */
    @Test
    void anEnrolmentThatNobodySignedIsCoveredByTheLogsOwnSignature() throws Exception {
        world.log().append(forged());
        FaultStorage storage = rig.seed();
        String text = new String(world.checkpoint().bytes(), StandardCharsets.UTF_8).split("\n\n", 2)[0] + "\n";
        byte[] signature = world.checkpointKey().sign(text.getBytes(StandardCharsets.UTF_8));
        HeadMark.Mark mark = new HeadMark.Mark(
                world.log().leaves().size(), world.log().tree().root(), signature);
        HeadMark.open(storage, mark).close();
        assertTrue(opened(storage).startsWith("open at "), "the node itself takes mallory for an administrator");
        AuditReport report = audit(storage, Optional.empty(), Optional.empty());
        assertEquals(Set.of("signature-invalid"), codes(report), "anybody sees it, who knows nothing of before");
    }

    /** The thief begins another log with the node's own keys and name, and claims that one. */
    @Test
    void theLogIsBegunAnew() throws Exception {
        FaultStorage storage = begun(rig);
        TreeSize before = new TreeSize(world.log().leaves().size());
        AuditReport known = audit(storage, Optional.of(world.trust()), Optional.empty());
        assertTrue(known.clean());

        World forged = World.unclaimed();
        forged.claims("mallory").admitAndJoin();
        while (forged.log().leaves().size() < before.value()) {
            forged.observation(forged.point(), "m" + forged.log().leaves().size())
                    .admit();
        }
        FaultStorage theirs = begun(new LedgerRig(forged));
        TrustPolicy keyAlone = new TrustPolicy(forged.trust().log(), Optional.empty(), Optional.empty());
        assertEquals(world.trust().log().text(), forged.trust().log().text(), "the thief has the log's key");
        assertTrue(
                audit(theirs, Optional.of(keyAlone), Optional.empty()).clean(),
                "nobody sees it in the files alone, who knows no more than the key");

        assertEquals(Set.of("trust-genesis"), codes(audit(theirs, Optional.of(world.trust()), Optional.empty())));
        assertTrue(codes(audit(theirs, Optional.of(keyAlone), known.mark())).contains("log-rewritten"));
        try (Ledger ledger = new LedgerRig(forged).open(theirs)) {
            ConsistencyProof proof = ledger.consistency(before, ledger.head().size());
            assertThrows(
                    FormatException.class,
                    () -> proof.verify(known.root(), ledger.head().root()),
                    "no witness that has cosigned the log of before cosigns this one");
        }
    }
}
