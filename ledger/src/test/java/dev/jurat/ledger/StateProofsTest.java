package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.state.StateFinding;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.StateReport;
import dev.jurat.proof.state.Subject;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State proofs that a ledger makes, checked by a reader who has nothing of it but its key and its genesis. */
class StateProofsTest {
    private static final LedgerConfig CONFIG = LedgerRig.stating(6);

    @TempDir
    private Path folder;

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private Execution called(Ledger ledger) throws Exception {
        Execution call = world.execution();
        committed(ledger.append(group(
                call.intent().sign(),
                call.context().sign(),
                call.decision().sign(),
                call.contract().sign(),
                call.identity().sign())));
        committed(ledger.append(group(call.use().sign())));
        return call;
    }

    /** Goes on until what came before is in a state that is stated. */
    private void pass(Ledger ledger) throws Exception {
        for (int i = 0; i < 12; i++) {
            Execution call = called(ledger);
            committed(ledger.append(group(call.outcome(Result.SUCCESS).sign())));
            rig.now.addAndGet(120);
            rig.follow(ledger);
        }
    }

    private StateFinding found(Ledger ledger, Subject subject) throws Exception {
        StateReport report = StateProof.check(ledger.stateProof(subject), Optional.of(world.trust()));
        return assertInstanceOf(StateReport.Accepted.class, report, report.toString())
                .finding();
    }

    private static Subject contract(Execution call) {
        return new Subject.OfContract(call.id(Kind.CONTRACT));
    }

    @Test
    void aSubjectOfALiveLedgerIsNotShown() throws Exception {
        try (Ledger ledger = rig.open(rig.seed(), CONFIG, folder)) {
            Execution call = called(ledger);
            pass(ledger);
            all(ledger, call);
        }
    }

    private void all(Ledger ledger, Execution call) throws Exception {
        assertEquals(List.of("contract-spent"), found(ledger, contract(call)).reasons());
        assertEquals(
                List.of("contract-spent"),
                found(ledger, new Subject.OfIdentity(call.id(Kind.IDENTITY))).reasons());
        for (Subject subject : List.of(
                new Subject.OfStream(world.agent().stream()),
                new Subject.OfStream(world.approver().stream()),
                new Subject.OfStream(world.ledger().stream()),
                new Subject.OfPrincipal(world.agent().principal()),
                new Subject.OfPrincipal(world.approver().principal()),
                new Subject.OfPrincipal(world.governor().principal()),
                new Subject.OfKey(World.key("session/agent-1").verifyKey().text()),
                new Subject.OfKey(World.key("agent").verifyKey().text()),
                new Subject.OfKey(World.key("approver").verifyKey().text()),
                new Subject.OfKey(World.key("checkpoint").verifyKey().text()),
                new Subject.OfPolicy(world.policy()))) {
            StateFinding finding = found(ledger, subject);
            assertTrue(finding.inForce(), finding.toString());
            assertTrue(finding.size() > call.matter(Kind.USE).record().header().sequence());
        }
    }

    @Test
    void aRevocationIsNotSeenInTheStateThatCoversIt() throws Exception {
        try (Ledger ledger = rig.open(rig.seed(), CONFIG, folder)) {
            Execution call = called(ledger);
            pass(ledger);
            committed(ledger.append(
                    group(world.revokes(world.approver(), RegistryFacts.Target.CONTRACT, call.id(Kind.CONTRACT))
                            .sign())));
            assertEquals(
                    List.of("contract-spent"), found(ledger, contract(call)).reasons(), "later than the state");
            pass(ledger);
            assertEquals(
                    List.of("contract-revoked", "contract-spent"),
                    found(ledger, contract(call)).reasons());
        }
    }

    @Test
    void aLedgerThatWasOpenedAgainShowsLess() throws Exception {
        FaultStorage storage = rig.seed();
        Execution call;
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            call = called(ledger);
            pass(ledger);
        }
        for (int restart = 0; restart < 3; restart++) {
            try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
                all(ledger, call);
                if (restart == 1) {
                    pass(ledger);
                }
            }
        }
    }

    @Test
    void whatIsNotThereHasTheCodeOfSomethingElse() throws Exception {
        try (Ledger ledger = rig.open(rig.seed(), CONFIG, folder)) {
            refused("state-none", ledger, new Subject.OfPolicy(world.policy()));
            Execution before = called(ledger);
            pass(ledger);
            Execution call = called(ledger);
            refused("state-not-covered", ledger, contract(call));
            refused("state-proof-subject", ledger, new Subject.OfPolicy(before.id(Kind.CONTRACT)));
            refused("subject-unknown", ledger, new Subject.OfContract(RecordId.parse("00".repeat(32))));
            refused("subject-unknown", ledger, new Subject.OfPrincipal("default/" + "a".repeat(26)));
            refused(
                    "subject-unknown",
                    ledger,
                    new Subject.OfKey(World.key("nobody").verifyKey().text()));
            refused(
                    "subject-unknown",
                    ledger,
                    new Subject.OfStream(Stream.parse(world.agent().principal() + "/" + "a".repeat(26))));
        }
    }

    private static void refused(String code, Ledger ledger, Subject subject) {
        assertEquals(
                code,
                assertThrows(LedgerException.class, () -> ledger.stateProof(subject))
                        .code());
    }
}
