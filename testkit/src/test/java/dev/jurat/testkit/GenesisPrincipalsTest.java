package dev.jurat.testkit;

import static dev.jurat.proof.record.SignerType.AGENT;
import static dev.jurat.proof.record.SignerType.HUMAN;
import static dev.jurat.proof.record.SignerType.SERVICE;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A genesis by which whoever begins a log gives a principal what no {@code key} record could. */
class GenesisPrincipalsTest {
    private static final SignedRecord SOUND = World.claimed().log().leaves().getFirst();
    private static final String PERSON = World.principal("more", HUMAN);
    private static final String OF_SYSTEM = World.principal("more", SERVICE);

    /** One principal more than a sound genesis has. */
    private record More(String what, String principal, SignerType type, Role... roles) {
        Registered registered() {
            return new Registered(
                    principal,
                    type,
                    List.of(roles),
                    World.key("more").verifyKey().text());
        }
    }

    /** The sound genesis with one principal more, signed by all who have to. */
    private static SignedRecord with(Registered more) {
        LedgerFacts.Genesis sound = (LedgerFacts.Genesis) SOUND.statement().facts();
        List<Registered> all = new ArrayList<>(sound.principals());
        all.add(more);
        all.sort(Comparator.comparing(Registered::principal));
        LedgerFacts.Genesis facts = new LedgerFacts.Genesis(
                sound.spec(),
                sound.rules(),
                sound.origin(),
                sound.suites(),
                sound.checkpointKey(),
                all,
                sound.artefacts(),
                sound.replicas(),
                sound.predecessor());
        return SignedRecord.sign(
                new Statement(SOUND.header(), facts, Hash.ZERO), signers(all).toArray(SigningKey[]::new));
    }

    private static List<SigningKey> signers(List<Registered> all) {
        List<SigningKey> signers = new ArrayList<>();
        for (Registered registered : all) {
            SigningKey key = Stream.of("ledger", "administrator", "more")
                    .map(World::key)
                    .filter(k -> k.verifyKey().text().equals(registered.key()))
                    .findFirst()
                    .orElse(World.key("more"));
            if (registered.roles().contains(Role.LEDGER)) {
                signers.addFirst(key);
            } else if (registered.roles().contains(Role.ADMINISTRATOR)) {
                signers.add(key);
            }
        }
        return signers;
    }

    private static void begin(Registered more) throws FormatException {
        new Lifecycle(SignatureChecker.standard()).begin(with(more));
    }

    @TestFactory
    Stream<DynamicTest> itIsRefused() {
        return Stream.of(
                        new More("an agent administers", PERSON, AGENT, Role.ADMINISTRATOR),
                        new More("an agent approves for itself", PERSON, AGENT, Role.AGENT, Role.APPROVER),
                        new More("an agent whom nobody enrolled", PERSON, AGENT, Role.AGENT),
                        new More("a service administers", OF_SYSTEM, SERVICE, Role.ADMINISTRATOR),
                        new More("a point whom nobody enrolled", OF_SYSTEM, SERVICE, Role.POINT),
                        new More("a person governs", PERSON, HUMAN, Role.ADMINISTRATOR, Role.GOVERNOR),
                        new More("a person whom nobody can suspend", PERSON, HUMAN, Role.ADMINISTRATOR, Role.LEDGER),
                        new More("a person of the system", OF_SYSTEM, HUMAN, Role.ADMINISTRATOR),
                        new More("a person for nothing", PERSON, HUMAN),
                        new More("a governor who is broker too", OF_SYSTEM, SERVICE, Role.GOVERNOR, Role.BROKER),
                        new More("a governor outside the system", PERSON, SERVICE, Role.GOVERNOR),
                        new More("a second ledger", OF_SYSTEM, SERVICE, Role.LEDGER))
                .map(more -> DynamicTest.dynamicTest(
                        more.what(),
                        () -> assertEquals(
                                "genesis-invalid",
                                assertThrows(FormatException.class, () -> begin(more.registered()))
                                        .code())));
    }

    @Test
    void aSecondAdministratorOrAnApproverIsTaken() {
        assertDoesNotThrow(() -> begin(new More("", PERSON, HUMAN, Role.ADMINISTRATOR).registered()));
        assertDoesNotThrow(() -> begin(new More("", PERSON, HUMAN, Role.APPROVER, Role.READER).registered()));
    }
}
