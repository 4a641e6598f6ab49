package dev.jurat.proof.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StandingTest {
    private static final String ID = "aa".repeat(32);
    private static final RecordId RECORD = new RecordId(Hash.fromHex(ID));
    private static final Standing.Head HEAD = new Standing.Head(false, true, 300, RECORD, 2);
    private static final Standing.Principal PRINCIPAL = new Standing.Principal(true, true, 3, 129);
    private static final Facts DENIAL =
            new AuthorityFacts.Decision(AuthorityFacts.Outcome.DENY, "denied", Hash.ZERO, "cedar", 0, Optional.empty());
    private static final Facts CLOCK = new LedgerFacts.Clock(1, 2, "system");

    private record Case(Facts facts, String hex, Standing standing) {}

    private static Registered registered(SignerType type, String principal, Role role) {
        return new Registered(principal, type, List.of(role), "key");
    }

    private static LedgerFacts.Genesis genesis() {
        return new LedgerFacts.Genesis(
                LedgerFacts.Genesis.SPEC,
                1,
                "ledger.example",
                List.of(),
                "key",
                List.of(
                        registered(SignerType.HUMAN, "default/person", Role.ADMINISTRATOR),
                        registered(SignerType.SERVICE, "system/governor", Role.GOVERNOR),
                        registered(SignerType.SERVICE, "system/ledger", Role.LEDGER)),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private static Facts key(RegistryFacts.KeyAction action) {
        return new RegistryFacts.Key(
                action,
                "default/agent",
                SignerType.AGENT,
                List.of(Role.AGENT),
                "key",
                RegistryFacts.Enrolled.SELF,
                Optional.empty());
    }

    private static Facts policy(RegistryFacts.Publication publication) {
        return new RegistryFacts.Policy(Hash.ZERO, "starter@v1", publication, new RegistryFacts.Floors(0, 0, 0, 0));
    }

    private static Facts session() {
        return new RegistryFacts.Session(
                "key",
                "key",
                1,
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.AGENT,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Stream<Case> standings() {
        String head = "02ac02" + ID + "02";
        String key = "810205ac02";
        Standing.Credential credential = new Standing.Credential(257, 5, 300);
        Standing.Named named = new Standing.Named(PRINCIPAL, credential, Optional.of(HEAD));
        return Stream.of(
                new Case(
                        genesis(),
                        "03038101" + key + head + "000000000000" + "03038101" + key + head,
                        new Standing.Genesis(List.of(
                                named,
                                new Standing.Named(
                                        new Standing.Principal(false, false, 0, 0),
                                        new Standing.Credential(0, 0, 0),
                                        Optional.empty()),
                                named))),
                new Case(
                        key(RegistryFacts.KeyAction.ENROLL),
                        "03038101" + key + head,
                        new Standing.Enrolled(PRINCIPAL, credential, HEAD)),
                new Case(
                        new SuccessionFacts.Rotation("default/agent", "key", "before", 1),
                        key + head,
                        new Standing.Succeeded(credential, HEAD)),
                new Case(
                        new SuccessionFacts.Compromise(
                                "default/agent", "key", "stolen", Optional.empty(), Optional.empty()),
                        "",
                        new Standing.None()),
                new Case(key(RegistryFacts.KeyAction.CONFIRM), "", new Standing.None()),
                new Case(session(), head + "8102", new Standing.Session(HEAD, 257)),
                new Case(policy(RegistryFacts.Publication.DEFAULT), "01", new Standing.Policy(true, false)),
                new Case(policy(RegistryFacts.Publication.WITHDRAWN), "", new Standing.None()),
                new Case(DENIAL, "05e8070207ff01", new Standing.Decision(true, false, true, 1000, List.of(7L, 255L))),
                new Case(new ExecutionFacts.Violation("code"), "", new Standing.None()),
                new Case(new CustodyFacts.Lift(), "", new Standing.None()),
                new Case(CLOCK, "", new Standing.None()),
                new Case(CLOCK, "7f", new Standing.Flagged(EnumSet.complementOf(EnumSet.of(Flag.BODY_MISSING)))),
                new Case(CLOCK, "20", new Standing.Flagged(Set.of(Flag.LATE))));
    }

    @ParameterizedTest
    @MethodSource("standings")
    void aStandingHasTheBytesOfTheSpecification(Case example) throws FormatException {
        byte[] bytes = HexFormat.of().parseHex(example.hex);
        assertEquals(example.standing, Standing.decode(example.facts, bytes));
        assertArrayEquals(bytes, example.standing.encode());
    }

    @ParameterizedTest
    @MethodSource("standings")
    void aStandingWithAByteMoreOrLessIsNone(Case example) {
        byte[] longer = HexFormat.of().parseHex(example.hex + "00");
        assertThrows(FormatException.class, () -> Standing.decode(example.facts, longer));
        if (example.hex.length() > 2) {
            byte[] shorter = HexFormat.of().parseHex(example.hex.substring(0, example.hex.length() - 2));
            assertThrows(FormatException.class, () -> Standing.decode(example.facts, shorter));
        }
    }

    @Test
    void flagsThatNobodyKnowsAreRefused() {
        for (String hex : List.of("04", "8001", "00")) {
            Facts facts = hex.equals("04") ? policy(RegistryFacts.Publication.DEFAULT) : CLOCK;
            byte[] bytes = HexFormat.of().parseHex(hex);
            FormatException e = assertThrows(FormatException.class, () -> Standing.decode(facts, bytes));
            assertEquals("state-standing", e.code());
        }
    }

    @Test
    void aFlagThatNoReaderCanKnowIsNotWritten() {
        assertThrows(IllegalArgumentException.class, () -> new Standing.Flagged(Set.of(Flag.BODY_MISSING)).encode());
        assertThrows(IllegalArgumentException.class, () -> new Standing.Use(false, false, false, 1, 0).encode());
    }
}
