package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Forgery;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lies by somebody who recomputes whatever is not signed, and by operators who sign what they should not. */
class LiesTest {
    private static final Scope ALL = new Scope.All();

    // ---- whoever brings the bundle

    @Test
    void aLeafAtAnotherIndexIsNotInTheTree() {
        World world = busy();
        Execution wanted = world.execution().run();
        world.tick(100);
        Forgery forgery = Forgery.of(world.bundle(new Scope.Action(wanted.id(Kind.INTENT))));
        long last = forgery.lastLeaf();
        forgery.moveLeaf(last, last + 1);
        assertClaim(world, forgery, "proof-foreign", "leaf-index-beyond-size", "inclusion-proof-invalid");
    }

    @Test
    void leavesInAnotherOrderHaveAnotherRoot() {
        World world = one();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        forgery.swapLeaves(forgery.lastLeaf() - 1, forgery.lastLeaf());
        assertClaim(world, forgery, "root-mismatch");
    }

    @Test
    void aRootOfTheForgersOwnIsNotSigned() {
        World world = one();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        forgery.dropLeaf(forgery.lastLeaf());
        forgery.restateCheckpoint();
        assertClaim(world, forgery, "note-signature-invalid");
    }

    @Test
    void aCheckpointSignedWithAnotherKeyIsNotTheLogs() {
        World world = one();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        forgery.dropLeaf(forgery.lastLeaf());
        forgery.signCheckpoint(World.key("forger"));
        assertClaim(world, forgery, "note-signature-missing");
    }

    @Test
    void aSwappedBodyIsNotTheOneThatWasSigned() {
        World world = one();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        long use = world.indexOf(Kind.USE);
        forgery.body(use, forgery.body(world.indexOf(Kind.INTENT)));
        assertClaim(world, forgery, "body-mismatch");
    }

    @Test
    void aDroppedRecordOfAWholeLogIsMissed() {
        World world = one();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        forgery.dropLeaf(world.indexOf(Kind.DECISION));
        assertClaim(world, forgery, "leaf-missing");
    }

    @Test
    void aDroppedRecordOfAnActionIsMissed() {
        World world = busy();
        Execution wanted = world.execution().run();
        Scope scope = new Scope.Action(wanted.id(Kind.INTENT));
        Forgery decision = Forgery.of(world.bundle(scope));
        decision.dropLeaf(world.indexOf(wanted.id(Kind.DECISION)));
        assertClaim(world, decision, "reference-unknown");

        Forgery earlier = Forgery.of(world.bundle(scope));
        earlier.dropLeaf(world.indexOf(Kind.INTENT));
        assertClaim(world, earlier, "sequence-gap");
    }

    @Test
    void anApprovalOverOtherTermsIsNotSigned() {
        World world = approved();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        Hash other = Hash.of(new byte[] {1});
        forgery.rewriteFacts(world.indexOf(Kind.APPROVAL), f -> f.with("terms", Json.of(other.hex())));
        assertClaim(world, forgery, "signature-invalid");
    }

    @Test
    void aWidenedContractIsNotSigned() {
        World world = one();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        forgery.rewriteFacts(
                world.indexOf(Kind.CONTRACT),
                f -> f.with("grant", ((Json.Obj) f.members().get("grant")).with("windowMillis", Json.of(86_400_000))));
        assertClaim(world, forgery, "signature-invalid");
    }

    @Test
    void theManifestAndTheSummaryAreNotTheBringersToWrite() {
        World world = one();
        Forgery manifest = Forgery.of(world.bundle(ALL)).withoutRecomputing();
        manifest.manifest(manifest.manifest().replace("by this", "by that").replace("\"bodies\":", "\"bodies\":1"));
        assertClaim(world, manifest, "manifest-mismatch");
        Forgery summary = Forgery.of(world.bundle(ALL)).withoutRecomputing();
        summary.summary(summary.summary().replace("read_text_file", "read_next_file"));
        assertClaim(world, summary, "summary-mismatch");
    }

    @Test
    void matterThatNoRecordNamesIsNotLetIn() {
        World world = one();
        Forgery artefact = Forgery.of(world.bundle(ALL));
        artefact.artefact("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertClaim(world, artefact, "artefact-unwanted");
        Forgery body = Forgery.of(world.bundle(ALL));
        body.body(1, body.body(world.indexOf(Kind.USE)));
        assertClaim(world, body, "body-unwanted");
    }

    @Test
    void aPolicyThatIsNotTheOnePublishedIsNoticed() {
        World world = one();
        Forgery forgery = Forgery.of(world.bundle(ALL));
        forgery.replaceArtefact(world.starterArtefact(), "{\"engine\":\"cedar\"}");
        assertClaim(world, forgery, "artefact-mismatch");
        Forgery without = Forgery.of(world.bundle(ALL));
        without.dropArtefact(world.starterArtefact());
        assertClaim(world, without, "artefact-missing");
    }

    @Test
    void recordsBesideTheScopeAreNotSmuggledIn() {
        World world = busy();
        Execution other = world.execution().run();
        world.tick(100);
        world.execution().run();
        Forgery forgery = Forgery.of(world.bundle(new Scope.Session(world.agent().stream())));
        forgery.scope(new Scope.Action(other.id(Kind.INTENT)));
        assertClaim(world, forgery, "leaf-unwanted");
    }

    // ---- whoever has the log's keys

    @Test
    void anOperatorWhoAdmitsAWidenedContractIsSeen() {
        World world = World.claimed();
        Execution execution = world.execution();
        world.admit(
                execution.intent().sign(),
                execution.context().sign(),
                execution.decision().sign());
        execution
                .contract()
                .fact("grant", execution.grant().toJson().with("windowMillis", Json.of(86_400_000)))
                .append();
        assertEquals("grant-differs", refused(world, world.trust()).codes().getFirst());
    }

    @Test
    void anOperatorWhoAdmitsAnApprovalOverOtherTermsIsSeen() {
        World world = World.claimed();
        Execution execution = world.execution().anySession().ask(1);
        execution
                .approval(world.approver())
                .fact("terms", Json.of(Hash.of(new byte[] {1}).hex()))
                .append();
        assertEquals("terms-differ", refused(world, world.trust()).codes().getFirst());
    }

    @Test
    void anOperatorWhoAdmitsATokenTakenElsewhereIsSeen() {
        World world = World.claimed();
        Execution execution = world.execution().authorise();
        Matter use = execution.use().peek();
        execution.use().signedBy(World.key("thief")).append();
        assertEquals(Kind.USE, use.record().kind());
        assertEquals("signature-invalid", refused(world, world.trust()).codes().getFirst());
    }

    @Test
    void anOperatorWhoContradictsABodyIsSeen() {
        World world = World.claimed();
        Execution execution = world.execution();
        execution.intent().admit();
        execution.context().admit();
        execution
                .decision()
                .body(b -> b.with("termsSalt", Json.of("00".repeat(16))))
                .append();
        assertEquals("terms-not-of-body", refused(world, world.trust()).codes().getFirst());
    }

    // ---- whom the reader trusts

    @Test
    void withoutTrustNothingIsAccepted() {
        Report report = Verifier.verify(one().bundle(ALL).bytes(), Optional.empty());
        assertInstanceOf(Report.Unanchored.class, report);
        assertEquals(List.of("unanchored"), report.codes());
    }

    @Test
    void anotherLogIsNotTheOneTrusted() {
        World world = one();
        TrustPolicy otherKey = new TrustPolicy(
                NoteSigner.log(World.ORIGIN, World.key("other")).verifier(), Optional.empty(), Optional.empty());
        assertTrue(refused(world, otherKey).codes().contains("note-signature-missing"));
        assertTrue(refused(world, otherKey).codes().contains("trust-log"));
        TrustPolicy otherGenesis = new TrustPolicy(world.logKey(), Optional.of(RecordId.NONE), Optional.empty());
        assertEquals(List.of("trust-genesis"), refused(world, otherGenesis).codes());
    }

    @Test
    void aQuorumOfWitnessesMustHaveSigned() {
        World world = one();
        NoteSigner first = NoteSigner.cosigner("witness.example", World.key("witness-1"));
        NoteSigner second = NoteSigner.cosigner("other.example", World.key("witness-2"));
        TrustPolicy both = new TrustPolicy(
                world.logKey(),
                Optional.of(world.log().genesisId()),
                Optional.of(new TrustPolicy.Witnesses.Counted(2, List.of(first.verifier(), second.verifier()))));
        var note = world.checkpoint();
        var once = note.with(first.cosign(note.text(), 1_800_000_000L));
        var twice = once.with(second.cosign(note.text(), 1_800_000_000L));
        Report short1 = Verifier.verify(world.bundle(ALL, once).bytes(), Optional.of(both));
        assertEquals(List.of("witness-quorum"), short1.codes());
        Report enough = Verifier.verify(world.bundle(ALL, twice).bytes(), Optional.of(both));
        assertTrue(enough.accepted(), enough.toString());
    }

    @Test
    void aCheckpointOfAnotherSizeDoesNotFit() {
        World world = one();
        var tree = world.log().tree();
        var smaller = new dev.jurat.proof.log.TreeSize(tree.size().value() - 1);
        Forgery forgery = Forgery.of(world.bundle(ALL));
        forgery.checkpoint(NoteSigner.log(World.ORIGIN, world.checkpointKey())
                .note(new Checkpoint(World.ORIGIN, smaller, tree.root(smaller)).text()));
        assertClaim(world, forgery, "leaf-missing");
    }

    // ---- worlds

    private static World one() {
        World world = World.claimed();
        world.execution().run();
        world.tick(1_000);
        return world;
    }

    private static World busy() {
        World world = one();
        world.execution().run();
        return world;
    }

    private static World approved() {
        World world = World.claimed();
        Execution asked = world.execution().anySession().ask(1);
        asked.approvedBy(world.approver()).used();
        return world;
    }

    private static Report refused(World world, TrustPolicy trust) {
        Report report = Verifier.verify(world.bundle(ALL).bytes(), Optional.of(trust));
        assertInstanceOf(Report.Refused.class, report, report.toString());
        return report;
    }

    /** The forged bundle is refused, one of these codes names the claim, and even the forger's own trust does not help. */
    private static void assertClaim(World world, Forgery forgery, String... oneOf) {
        Report report = Verifier.verify(forgery.bytes(), Optional.of(world.trust()));
        assertInstanceOf(Report.Refused.class, report, report.toString());
        assertTrue(
                List.of(oneOf).stream().anyMatch(report.codes()::contains),
                () -> "wanted one of " + List.of(oneOf) + ", got " + report);
    }
}
