package dev.jurat.custody;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.signer.SignerKey;
import dev.jurat.custody.signer.SignerRule;
import dev.jurat.custody.signer.SignerServer;
import dev.jurat.custody.signer.Succession;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What every custody does alike, tried on the real thing. */
public abstract class CustodyContract {
    protected static final byte[] MESSAGE = "what is signed".getBytes(StandardCharsets.UTF_8);

    private static final String PRINCIPAL = "local/" + "a".repeat(26);

    private Custody custody;

    /** Opens the custody under test; the second call of a test sees what the first one made. */
    protected abstract Custody open() throws Exception;

    protected abstract CustodyClass kind();

    /** The lengths of messages that are tried. */
    protected List<Integer> lengths() {
        return List.of(1, 4096, 100_000);
    }

    /** A suite that it has not. */
    protected Suite missing() {
        return Suite.WEBAUTHN_2026;
    }

    @BeforeEach
    final void openFirst() throws Exception {
        custody = open();
    }

    @AfterEach
    final void closeLast() {
        // Of a test that was skipped there is none.
        if (custody != null) {
            custody.close();
        }
    }

    protected static void refused(CustodyCode code, Executable asked) {
        CustodyException e = assertThrows(CustodyException.class, asked);
        assertEquals(code, e.code(), () -> String.valueOf(e.getMessage()));
        assertFalse(e.next().isEmpty());
    }

    @Test
    final void aKeySignsSomethingElse() {
        for (Suite suite : custody.suites()) {
            try (KeptKey key = custody.make("agent-" + suite.text(), suite)) {
                assertEquals(suite, key.verifyKey().suite());
                byte[] signature = key.sign(MESSAGE);
                assertEquals(64, signature.length);
                assertTrue(key.verifyKey().verifies(MESSAGE, signature));
                assertFalse(key.verifyKey().verifies(new byte[MESSAGE.length], signature));
            }
        }
    }

    /** A signer that has two keys in this custody lets one follow the other by a rotation that both sign, and lets nobody else's. */
    @Test
    final void aKeyIsNotFollowedOrByAStrangers(@TempDir Path folder) throws Exception {
        List<Suite> suites = List.copyOf(custody.suites());
        VerifyKey first = custody.make("first", suites.getFirst()).verifyKey();
        VerifyKey second = custody.make("second", suites.getLast()).verifyKey();
        VerifyKey stranger = custody.make("stranger", suites.getFirst()).verifyKey();
        Path socket = folder.resolve("s");
        List<SignerRule> rules = List.of(
                rule("first", Succession.NONE.then(second, 24)),
                rule("second", new Succession(Optional.of(first), Optional.empty(), 24)),
                rule("stranger", Succession.NONE));
        try (SignerServer server = SignerServer.open(socket, Optional.empty(), custody, rules, answer -> {})) {
            SigningKey one = SignerKey.of(server.socket(), "first", first, Duration.ofSeconds(15));
            SigningKey two = SignerKey.of(server.socket(), "second", second, Duration.ofSeconds(15));
            SigningKey other = SignerKey.of(server.socket(), "stranger", stranger, Duration.ofSeconds(15));
            SignedRecord record = SignedRecord.sign(rotation(second, first), two, one);
            assertTrue(second.verifies(
                    record.preAuthentication(), record.signatures().getFirst()));
            assertTrue(first.verifies(
                    record.preAuthentication(), record.signatures().getLast()));
            for (SigningKey asked : List.of(one, two, other)) {
                refused(CustodyCode.DENIED, () -> SignedRecord.sign(rotation(stranger, first), asked));
                refused(CustodyCode.DENIED, () -> SignedRecord.sign(rotation(first, second), asked));
            }
        }
    }

    private static SignerRule rule(String key, Succession succession) {
        Set<String> users = Set.of(System.getProperty("user.name"));
        return new SignerRule(key, PRINCIPAL, users, SignerRule.KINDS, 1000, succession);
    }

    private static Statement rotation(VerifyKey key, VerifyKey followed) {
        long until = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        Facts facts = new SuccessionFacts.Rotation(PRINCIPAL, key.text(), followed.text(), until);
        Stream stream = new Stream(PRINCIPAL, Stream.sessionId(key));
        RecordId genesis = new RecordId(Hash.of(MESSAGE));
        Header header =
                new Header(facts.kind(), stream, SignerType.AGENT, 0, genesis, genesis, References.NONE, key.suite());
        return new Statement(header, facts, Hash.of(MESSAGE));
    }

    @Test
    final void aShortOrALongMessageIsNotSigned() {
        for (Suite suite : custody.suites()) {
            try (KeptKey key = custody.make("long-" + suite.text(), suite)) {
                for (int length : lengths()) {
                    byte[] message = new byte[length];
                    assertTrue(key.verifyKey().verifies(message, key.sign(message)));
                }
            }
        }
    }

    @Test
    final void aKeyIsGoneOrAnotherAfterARestart() throws Exception {
        for (Suite suite : custody.suites()) {
            String name = "kept-" + suite.text();
            VerifyKey before;
            try (KeptKey key = custody.make(name, suite)) {
                before = key.verifyKey();
            }
            try (Custody again = open();
                    KeptKey key = again.open(name)) {
                assertEquals(before, key.verifyKey());
                assertTrue(before.verifies(MESSAGE, key.sign(MESSAGE)));
                assertEquals(before, again.evidence(name).key());
            }
        }
    }

    @Test
    final void aKeyIsReplaced() {
        Suite suite = custody.suites().iterator().next();
        VerifyKey first = custody.make("taken", suite).verifyKey();
        for (Suite other : custody.suites()) {
            refused(CustodyCode.KEY_EXISTS, () -> custody.make("taken", other));
        }
        assertEquals(first, custody.open("taken").verifyKey());
        assertEquals(List.of("taken"), custody.list());
    }

    @Test
    final void aNameThatIsNotThereIsSomethingElse() {
        custody.make("here", custody.suites().iterator().next());
        refused(CustodyCode.KEY_UNKNOWN, () -> custody.open("nobody"));
        refused(CustodyCode.KEY_UNKNOWN, () -> custody.evidence("nobody"));
        refused(CustodyCode.KEY_UNKNOWN, () -> custody.destroy("nobody"));
    }

    @Test
    final void aNameIsAPathOrACommand() {
        Suite suite = custody.suites().iterator().next();
        for (String name : List.of("", ".", "..", "../up", "a/b", ".hidden", "a b", "a\0b", "ä", "x".repeat(65))) {
            refused(CustodyCode.KEY_NAME, () -> custody.make(name, suite));
            refused(CustodyCode.KEY_NAME, () -> custody.open(name));
            refused(CustodyCode.KEY_NAME, () -> custody.evidence(name));
            refused(CustodyCode.KEY_NAME, () -> custody.destroy(name));
        }
    }

    @Test
    final void aSuiteThatItHasNotIsTaken() {
        refused(CustodyCode.SUITE, () -> custody.make("other", missing()));
    }

    @Test
    final void whatIsThereIsNotListed() {
        Suite suite = custody.suites().iterator().next();
        for (String name : List.of("b", "a", "c.1")) {
            custody.make(name, suite).close();
        }
        assertEquals(List.of("a", "b", "c.1"), custody.list());
    }

    @Test
    final void aDestroyedKeySigns() {
        Suite suite = custody.suites().iterator().next();
        VerifyKey first = custody.make("old", suite).verifyKey();
        custody.destroy("old");
        refused(CustodyCode.KEY_UNKNOWN, () -> custody.open("old"));
        assertEquals(List.of(), custody.list());
        assertFalse(first.equals(custody.make("old", suite).verifyKey()));
    }

    @Test
    final void whatWasClosedSigns() {
        Suite suite = custody.suites().iterator().next();
        KeptKey closed = custody.make("closed", suite);
        closed.close();
        closed.close();
        refused(CustodyCode.LOCKED, () -> closed.sign(MESSAGE));
        KeptKey left = custody.open("closed");
        custody.close();
        refused(CustodyCode.LOCKED, () -> left.sign(MESSAGE));
        refused(CustodyCode.LOCKED, () -> custody.open("closed"));
        refused(CustodyCode.LOCKED, () -> custody.make("more", suite));
    }

    @Test
    final void signersAtOnceGetEachOthersSignatures() throws Exception {
        try (KeptKey key = custody.make("busy", custody.suites().iterator().next());
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] message = ("message " + i).getBytes(StandardCharsets.UTF_8);
                work.add(() -> key.verifyKey().verifies(message, key.sign(message)));
            }
            for (Future<Boolean> one : threads.invokeAll(work)) {
                assertTrue(one.get());
            }
        }
    }

    @Test
    final void makersOfOneNameAtOnceMakeTwo() throws Exception {
        Suite suite = custody.suites().iterator().next();
        int made = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<VerifyKey> make = () -> custody.make("race", suite).verifyKey();
            for (Future<VerifyKey> one : threads.invokeAll(List.of(make, make, make, make))) {
                try {
                    one.get();
                    made++;
                } catch (ExecutionException e) {
                    refused(CustodyCode.KEY_EXISTS, () -> {
                        throw e.getCause();
                    });
                }
            }
        }
        assertEquals(1, made);
        assertEquals(List.of("race"), custody.list());
    }

    @Test
    final void evidenceIsOfAnotherKeyOrClaimsMoreThanItIs() {
        for (Suite suite : custody.suites()) {
            String name = "shown-" + suite.text();
            VerifyKey key = custody.make(name, suite).verifyKey();
            KeyEvidence evidence = custody.evidence(name);
            assertEquals(kind(), evidence.custody());
            assertEquals(key, evidence.key());
            assertFalse(evidence.attested(), "nobody but the software that was asked has signed for it");
            assertTrue(evidence.facts().containsKey("extractable"));
        }
    }
}
