package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Genuine signers send records that must neither stop the ledger, nor keep it from opening again, nor make an export unsound. */
class HostileRecordsTest {
    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private Draft enrolment(Party by, SignerType type, Role role, String key) {
        return world.draft(
                        by,
                        new RegistryFacts.Key(
                                RegistryFacts.KeyAction.ENROLL,
                                World.principal("mallory", type),
                                type,
                                List.of(role),
                                key,
                                RegistryFacts.Enrolled.ADMINISTRATOR,
                                Optional.of(world.administrator().principal())))
                .body(b -> new RegistryDetails.Key("mallory").toJson());
    }

    private static String code(GroupAnswer answer) {
        return assertInstanceOf(GroupAnswer.PushedBack.class, answer, answer.toString())
                .code();
    }

    private static Rule refusal(GroupAnswer answer, int index) {
        GroupAnswer.Committed committed = assertInstanceOf(GroupAnswer.Committed.class, answer, answer.toString());
        return assertInstanceOf(RecordAnswer.Refused.class, committed.results().get(index), answer.toString())
                .rule();
    }

    @Test
    void anEnrolmentInsideASessionIsPushedBackAndTheLedgerGoesOn() throws Exception {
        var storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            Matter none = enrolment(world.agent(), SignerType.AGENT, Role.AGENT, "AAAA")
                    .sign();
            assertEquals("sequence-gap", code(ledger.append(LedgerRig.group(none))));
            Matter administrator = enrolment(
                            world.approver(),
                            SignerType.HUMAN,
                            Role.ADMINISTRATOR,
                            World.key("mallory").verifyKey().text())
                    .sign();
            assertEquals("sequence-gap", code(ledger.append(LedgerRig.group(administrator))));
            assertEquals(LedgerStatus.State.RUNNING, ledger.status().state());
        }
        rig.open(storage).close();
    }

    @Test
    void theLedgerItselfCannotBeRevoked() throws Exception {
        var storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            Matter end = world.draft(
                            world.approver(),
                            new RegistryFacts.Revocation(
                                    RegistryFacts.Target.PRINCIPAL,
                                    "bye",
                                    Optional.empty(),
                                    Optional.of("system/ledger")))
                    .body(b -> new PersonDetails("bye").toJson())
                    .sign();
            assertEquals(Rule.TARGET_PROTECTED, refusal(ledger.append(LedgerRig.group(end)), 0));
            rig.now.addAndGet(60_000);
            assertEquals(LedgerStatus.State.RUNNING, ledger.status().state());
        }
        rig.open(storage).close();
    }

    /** Beside a report that has no place yet, one approval would count for the ledger that counts for no reader, or the other way round. */
    @Test
    void aReportBetweenApprovalsByTwoKeysOfOnePersonDoesNotKeepTheLedgerFromOpening() throws Exception {
        Successions successions = new Successions(world);
        Party next = successions
                .rotates("approver", SignerType.HUMAN, "approver", "approver-next")
                .admitAndJoin();
        Execution x = world.execution().anySession().ask(1);
        var storage = rig.seed();
        GroupAnswer answer;
        try (Ledger ledger = rig.open(storage)) {
            answer = ledger.append(LedgerRig.group(
                    x.approval(world.approver()).sign(),
                    successions
                            .compromised(world.administrator(), "approver", SignerType.HUMAN, "approver")
                            .sign(),
                    x.approval(next).sign()));
        }
        rig.open(storage).close();
        assertEquals("group-shape", code(answer));
    }

    @Test
    void anIdentityThatWasRefusedDoesNotEnterWithItsContract() throws Exception {
        var storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            Execution x = world.execution();
            ledger.append(LedgerRig.group(
                    x.intent().sign(), x.context().sign(), x.decision().sign()));
            Matter contract = x.contract().sign();
            Matter identity = x.identity().sign();
            assertEquals(Rule.REFERENCE_UNKNOWN, refusal(ledger.append(LedgerRig.group(identity)), 0));
            GroupAnswer.Committed both =
                    assertInstanceOf(GroupAnswer.Committed.class, ledger.append(LedgerRig.group(contract, identity)));
            assertInstanceOf(RecordAnswer.Admitted.class, both.results().getFirst());
            assertInstanceOf(RecordAnswer.Present.class, both.results().getLast());
        }
        rig.open(storage).close();
    }

    @Test
    void aUseInTheGroupOfItsIdentityIsHeldAgainstItsBody() throws Exception {
        var storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            Execution x = world.execution();
            Matter intent = x.intent().sign();
            Matter context = x.context().sign();
            Matter decision = x.decision().sign();
            Matter contract = x.contract().sign();
            Matter identity = x.identity().sign();
            byte[] others = "{\"path\":\"/srv/other.txt\"}".getBytes(StandardCharsets.UTF_8);
            Matter use = x.use()
                    .body(b -> b.with("arguments", Json.of(Base64Text.encode(others))))
                    .sign();
            GroupAnswer answer = ledger.append(LedgerRig.group(intent, context, decision, contract, identity, use));
            assertEquals(Rule.CALL_NOT_OF_BODY, refusal(answer, 5));
        }
        rig.open(storage).close();
    }
}
