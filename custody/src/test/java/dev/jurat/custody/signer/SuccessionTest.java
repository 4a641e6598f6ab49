package dev.jurat.custody.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.software.SoftwareCustody;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Dsse;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts.Compromise;
import dev.jurat.proof.record.SuccessionFacts.Recovery;
import dev.jurat.proof.record.SuccessionFacts.Rotation;
import dev.jurat.proof.record.SuccessionFacts.Successor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signer that has a key, the key that may follow it, and another agent's: what somebody at the socket would have it sign. */
class SuccessionTest {
    private static final String AGENT = "local/" + "a".repeat(26);
    private static final String OTHER = "local/" + "b".repeat(26);
    private static final Set<String> ME = Set.of(System.getProperty("user.name"));
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final RecordId GENESIS = new RecordId(Hash.of(new byte[] {1}));
    private static final SoftwareKey THIEF = SoftwareKey.generate(RandomSource.secure());

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<SignerAnswer> told = new ConcurrentLinkedQueue<>();
    private Custody custody;
    private VerifyKey first;
    private VerifyKey second;
    private VerifyKey others;
    private SignerServer server;

    @BeforeEach
    void start() throws IOException {
        custody = SoftwareCustody.in(
                folder.resolve("keys"), "correct horse"::toCharArray, PassphraseSeal.Cost.LIGHT, RandomSource.secure());
        first = make("one", Suite.ED25519_2026);
        second = make("two", Suite.P256_2026);
        others = make("others", Suite.ED25519_2026);
        Succession none = Succession.NONE;
        server = SignerServer.open(
                socket(),
                Optional.empty(),
                custody,
                List.of(
                        rule("one", AGENT, none.then(second, 24)),
                        rule("two", AGENT, new Succession(Optional.of(first), Optional.empty(), 24)),
                        rule("others", OTHER, none)),
                told::add);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        custody.close();
    }

    private VerifyKey make(String name, Suite suite) {
        try (KeptKey key = custody.make(name, suite)) {
            return key.verifyKey();
        }
    }

    private static SignerRule rule(String key, String principal, Succession succession) {
        return new SignerRule(key, principal, ME, SignerRule.KINDS, 1000, succession);
    }

    private Path socket() {
        return folder.resolve("s.sock");
    }

    private SigningKey one() {
        return SignerKey.of(socket(), "one", first, TIME);
    }

    private SigningKey two() {
        return SignerKey.of(socket(), "two", second, TIME);
    }

    private static long hours(long hours) {
        return System.currentTimeMillis() + Duration.ofHours(hours).toMillis();
    }

    private static Statement brings(VerifyKey key, Successor facts) {
        return statement(facts, new Stream(facts.principal(), Stream.sessionId(key)), 0);
    }

    private static Statement statement(Facts facts, Stream stream, long number) {
        Header header = new Header(
                facts.kind(), stream, SignerType.AGENT, number, GENESIS, GENESIS, References.NONE, Suite.ED25519_2026);
        return new Statement(header, facts, Hash.of(new byte[] {2}));
    }

    private Statement rotation(String principal, VerifyKey to, VerifyKey from, long until) {
        return brings(to, new Rotation(principal, to.text(), from.text(), until));
    }

    private void refused(Statement statement) {
        byte[] message = Dsse.pae(Statement.PAYLOAD_TYPE, statement.bytes());
        for (SigningKey asked : List.of(one(), two(), SignerKey.of(socket(), "others", others, TIME))) {
            CustodyException e = assertThrows(CustodyException.class, () -> asked.sign(message));
            assertEquals(CustodyCode.DENIED, e.code(), e.getMessage());
            assertEquals(Optional.of("custody-denied"), told.remove().code());
        }
    }

    @Test
    void theStepThatTheRulesNameIsNotSigned() {
        for (long hours : List.of(1L, 24L)) {
            SignedRecord record = SignedRecord.sign(rotation(AGENT, second, first, hours(hours)), two(), one());
            assertTrue(second.verifies(
                    record.preAuthentication(), record.signatures().get(0)));
            assertTrue(first.verifies(
                    record.preAuthentication(), record.signatures().get(1)));
        }
        Recovery recovery = new Recovery(AGENT, second.text(), first.text(), List.of(OTHER, "local/" + "c".repeat(26)));
        assertEquals(
                64,
                SignedRecord.sign(brings(second, recovery), two()).signatures().getFirst().length);
    }

    /** The thief's own key, another agent's, another principal, the way back, an overlap for years, and another place in the log. */
    @Test
    void aCallerChoosesTheNextKey() {
        long soon = hours(1);
        refused(rotation(AGENT, THIEF.verifyKey(), first, soon));
        refused(rotation(AGENT, THIEF.verifyKey(), second, soon));
        refused(rotation(AGENT, second, THIEF.verifyKey(), soon));
        refused(rotation(AGENT, others, first, soon));
        refused(rotation(AGENT, first, second, soon));
        refused(rotation(AGENT, first, first, soon));
        refused(rotation(AGENT, second, second, soon));
        refused(rotation(OTHER, second, first, soon));
        refused(rotation(OTHER, others, first, soon));
        refused(rotation(AGENT, second, first, hours(25)));
        refused(rotation(AGENT, second, first, hours(30 * 24)));
        refused(rotation(AGENT, second, first, Json.INTEGER_MAX));
        Rotation meant = new Rotation(AGENT, second.text(), first.text(), soon);
        refused(statement(meant, new Stream(AGENT, Stream.sessionId(first)), 0));
        refused(statement(meant, new Stream(AGENT, Stream.sessionId(second)), 1));
        refused(statement(meant, new Stream(OTHER, Stream.sessionId(second)), 0));
        Rotation others = new Rotation(OTHER, second.text(), first.text(), soon);
        refused(statement(others, new Stream(AGENT, Stream.sessionId(second)), 0));
    }

    @Test
    void aCallerHasThePrincipalRecoveredOrReported() throws IOException {
        List<String> by = List.of(OTHER, "local/" + "c".repeat(26));
        refused(brings(THIEF.verifyKey(), new Recovery(AGENT, THIEF.verifyKey().text(), first.text(), by)));
        refused(brings(first, new Recovery(AGENT, first.text(), second.text(), by)));
        refused(brings(second, new Recovery(AGENT, second.text(), others.text(), by)));
        refused(brings(second, new Recovery(OTHER, second.text(), first.text(), by)));
        Compromise report = new Compromise(AGENT, first.text(), "stolen", Optional.empty(), Optional.empty());
        refused(statement(report, new Stream(AGENT, Stream.sessionId(first)), 1));
        byte[] recovery = Dsse.pae(
                Statement.PAYLOAD_TYPE,
                brings(second, new Recovery(AGENT, second.text(), first.text(), by))
                        .bytes());
        CustodyException old = assertThrows(CustodyException.class, () -> one().sign(recovery));
        assertEquals(CustodyCode.DENIED, old.code(), "the key before has no word in a recovery");
    }

    @Test
    void aRuleWithoutKeyRecordsLetsItsKeyBeFollowed() throws IOException {
        server.close();
        SignerRule sessions =
                new SignerRule("one", AGENT, ME, Set.of(Kind.SESSION), 10, Succession.NONE.then(second, 24));
        server = SignerServer.open(socket(), Optional.empty(), custody, List.of(sessions), told::add);
        byte[] message = Dsse.pae(
                Statement.PAYLOAD_TYPE, rotation(AGENT, second, first, hours(1)).bytes());
        assertEquals(
                CustodyCode.DENIED,
                assertThrows(CustodyException.class, () -> one().sign(message)).code());
    }

    @Test
    void whoAsksLearnsOfNoNextKeyOrOfOneThatIsNotTheirs() throws IOException {
        assertEquals(Optional.of("two"), SignerKey.about(socket(), "one", TIME).next());
        assertEquals(Optional.empty(), SignerKey.about(socket(), "two", TIME).next());
        server.close();
        SignerRule theirs = new SignerRule("two", AGENT, Set.of("somebody-else"), SignerRule.KINDS, 10);
        SignerRule mine = rule("one", AGENT, Succession.NONE.then(second, 24));
        server = SignerServer.open(socket(), Optional.empty(), custody, List.of(mine, theirs), told::add);
        assertEquals(Optional.empty(), SignerKey.about(socket(), "one", TIME).next());
    }

    @Test
    void aRuleIsNotWhatWasWritten() throws FormatException {
        SignerRule rule = rule("one", AGENT, new Succession(Optional.of(first), Optional.of(second), 48));
        assertEquals(rule, SignerRule.read(rule.bytes()));
        String text = new String(rule.bytes(), StandardCharsets.UTF_8);
        for (String bad : List.of(
                text.replace("\"overlapHours\":48,", ""),
                text.replace("\"overlapHours\":48", "\"overlapHours\":0"),
                text.replace("\"overlapHours\":48", "\"overlapHours\":721"),
                text.replace(second.text(), "two"),
                text.replace(first.text(), second.text().substring(4)),
                new String(rule.with(Succession.NONE).bytes(), StandardCharsets.UTF_8)
                        .replace("{\"key\"", "{\"overlapHours\":1,\"key\""))) {
            assertFalse(bad.equals(text));
            assertThrows(FormatException.class, () -> SignerRule.read(bad.getBytes(StandardCharsets.UTF_8)), bad);
        }
    }
}
