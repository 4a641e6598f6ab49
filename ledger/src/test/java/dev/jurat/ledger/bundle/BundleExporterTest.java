package dev.jurat.ledger.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.GenesisPlan;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.GroupAnswer;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.LedgerHead;
import dev.jurat.ledger.LedgerKeys;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.ledger.RecordAnswer;
import dev.jurat.ledger.SignatureProvider;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.ledger.Submission;
import dev.jurat.ledger.TimeReading;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.Details;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.verify.Findings;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.NextOfPerson;
import dev.jurat.testkit.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles out of a real ledger, checked by the verifier. */
class BundleExporterTest {
    private static final LedgerConfig CONFIG = new LedgerConfig(
            1 << 20,
            256,
            16 << 20,
            32,
            512,
            4 << 20,
            1 << 20,
            1 << 20,
            1 << 12,
            0,
            100,
            10_000,
            Long.MAX_VALUE,
            Long.MAX_VALUE);
    private static final String ORIGIN = "ledger.example";

    private final AtomicLong now = new AtomicLong(World.START_MILLIS);
    private Ledger ledger;
    private Writer first;
    private Writer second;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        ledger = Ledger.create(
                folder,
                CONFIG,
                new LedgerKeys(World.key("ledger"), World.key("checkpoint")),
                new LedgerPorts(this::reading, RandomSource.secure(), SignatureProvider.fastest()),
                new GenesisPlan(
                        ORIGIN,
                        List.of(service("governor", Role.GOVERNOR), service("broker", Role.BROKER)),
                        List.of(),
                        List.of()));
        enrol("one");
        enrol("two");
        first = session("one");
        second = session("two");
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
    }

    @Test
    void theWholeLogIsAccepted() throws Exception {
        first.intent();
        second.intent();
        Findings findings = accepted(BundleExporter.all());
        assertEquals(2, findings.actions().size());
        assertEquals(ledger.head().size().value(), findings.leaves());
    }

    @Test
    void oneSessionIsAcceptedWithoutTheOther() throws Exception {
        for (int i = 0; i < 300; i++) {
            second.intent();
        }
        first.intent();
        now.addAndGet(1_000);
        second.intent();
        Findings findings = accepted(BundleExporter.session(first.stream.toString()));
        assertEquals(1, findings.actions().size());
        assertTrue(findings.leaves() < 30, findings.leaves() + " leaves");
    }

    @Test
    void oneActionIsFoundByItsRecordAndKeepsItsStreamWhole() throws Exception {
        first.intent();
        RecordId wanted = first.intent();
        first.intent();
        second.intent();
        Scope scope = new BundleExporter(ledger).action(wanted);
        assertEquals(new Scope.Action(wanted), scope);
        Findings findings = accepted(scope);
        assertEquals(wanted, findings.actions().getFirst().action().intent().id());
        assertEquals(1, findings.actions().size());
    }

    @Test
    void anErasedBodyIsLeftOut() throws Exception {
        RecordId wanted = first.intent();
        claim("person");
        erase("person", wanted);
        Findings findings = accepted(BundleExporter.all());
        assertTrue(findings.notes().stream().anyMatch(n -> n.code().equals("bodies-missing")));
    }

    private void claim(String name) {
        SoftwareKey key = World.key(name);
        String principal = World.principal(name, SignerType.HUMAN);
        new Writer(new Stream(principal, Stream.sessionId(key.verifyKey())), key)
                .write(
                        new RegistryFacts.Key(
                                RegistryFacts.KeyAction.ENROLL,
                                principal,
                                SignerType.HUMAN,
                                List.of(Role.ADMINISTRATOR),
                                key.verifyKey().text(),
                                RegistryFacts.Enrolled.CLAIM,
                                Optional.empty()),
                        new RegistryDetails.Key(name),
                        key);
    }

    /** Has an administrator erase a record's body. */
    private void erase(String name, RecordId id) throws Exception {
        StoredRecord erased = ledger.record(id).orElseThrow();
        NextOfPerson person = new NextOfPerson(World.principal(name, SignerType.HUMAN), World.key(name));
        SignedRecord record = person.sign(
                NextOfPerson.erasure(erased.record(), erased.index().value()),
                References.NONE,
                ledger.ask(state -> state.head(person.stream())).orElseThrow(),
                ledger.head().clock(),
                ledger.head().genesis());
        GroupAnswer answer = ledger.append(Group.of(new Submission(record, Optional.empty())));
        GroupAnswer.Committed committed = assertInstanceOf(GroupAnswer.Committed.class, answer, answer.toString());
        assertInstanceOf(RecordAnswer.Admitted.class, committed.results().getFirst(), answer.toString());
    }

    @Test
    void aBundleStaysGoodWhileTheLogGrows() throws Exception {
        first.intent();
        Bundle before = new BundleExporter(ledger).export(BundleExporter.all()).bundle();
        assertArrayEquals(
                before.bytes(),
                new BundleExporter(ledger).export(BundleExporter.all()).bundle().bytes());
        second.intent();
        assertTrue(Verifier.verify(before.bytes(), Optional.of(trust())).accepted());
    }

    @Test
    void whatIsNotThereHasNoBundle() {
        BundleExporter exporter = new BundleExporter(ledger);
        assertEquals(
                "scope-missing",
                assertThrows(FormatException.class, () -> exporter.action(RecordId.NONE))
                        .code());
        assertEquals(
                "scope-missing",
                assertThrows(
                                FormatException.class,
                                () -> exporter.export(new Scope.Session(new Stream(
                                        World.principal("nobody", SignerType.AGENT), first.stream.session()))))
                        .code());
    }

    // ---- the log

    private Findings accepted(Scope scope) throws Exception {
        byte[] bytes = new BundleExporter(ledger).export(scope).bundle().bytes();
        Report report = Verifier.verify(bytes, Optional.of(trust()));
        return assertInstanceOf(Report.Accepted.class, report, report.toString())
                .bundle()
                .findings();
    }

    private TrustPolicy trust() {
        return new TrustPolicy(
                NoteVerifier.log(ORIGIN, World.key("checkpoint").verifyKey()),
                Optional.of(ledger.head().genesis()),
                Optional.empty());
    }

    private TimeReading reading() {
        return new TimeReading(now.get(), now.get() + 5, "test");
    }

    private static Registered service(String name, Role role) {
        return new Registered(
                World.principal(name, SignerType.SERVICE),
                SignerType.SERVICE,
                List.of(role),
                World.key(name).verifyKey().text());
    }

    private void enrol(String name) {
        SoftwareKey key = World.key(name);
        String principal = World.principal(name, SignerType.AGENT);
        Stream stream = new Stream(principal, Stream.sessionId(key.verifyKey()));
        new Writer(stream, key)
                .write(
                        new RegistryFacts.Key(
                                RegistryFacts.KeyAction.ENROLL,
                                principal,
                                SignerType.AGENT,
                                List.of(Role.AGENT),
                                key.verifyKey().text(),
                                RegistryFacts.Enrolled.SELF,
                                Optional.empty()),
                        new RegistryDetails.Key(name),
                        key);
    }

    private Writer session(String name) {
        SoftwareKey key = World.key("session/" + name);
        Stream stream = new Stream(World.principal(name, SignerType.AGENT), Stream.sessionId(key.verifyKey()));
        Writer writer = new Writer(stream, key);
        writer.write(
                new RegistryFacts.Session(
                        World.key(name).verifyKey().text(),
                        key.verifyKey().text(),
                        now.get() + 3_600_000,
                        RegistryFacts.Isolation.SAME_USER,
                        true,
                        RegistryFacts.Signs.WRAPPER,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                new RegistryDetails.Session("test", List.of(), Optional.empty(), Optional.empty()),
                World.key(name),
                key);
        return writer;
    }

    /** Writes one stream. */
    private final class Writer {
        private final Stream stream;
        private final SoftwareKey key;
        private RecordId previous = ledger.head().genesis();
        private long next;

        Writer(Stream stream, SoftwareKey key) {
            this.stream = stream;
            this.key = key;
        }

        RecordId intent() {
            Tool tool = Tool.unknown("tools/call", "anything");
            CallDetails call = new CallDetails(
                    Salt.of(new byte[16]),
                    "anything",
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty());
            return write(
                    new AuthorityFacts.Intent(
                            AuthorityFacts.Origin.DERIVED,
                            tool,
                            call.commitment(tool).orElseThrow(),
                            World.principal("point", SignerType.SERVICE)),
                    call,
                    key);
        }

        RecordId write(Facts facts, Details details, SoftwareKey... signers) {
            LedgerHead head = ledger.head();
            Header header = new Header(
                    facts.kind(),
                    stream,
                    facts instanceof RegistryFacts.Key enrolled ? enrolled.type() : SignerType.AGENT,
                    next,
                    previous,
                    head.clock(),
                    References.NONE,
                    Suite.ED25519_2026);
            Body body = details.body(new byte[16], stream, next);
            SignedRecord record = SignedRecord.sign(new Statement(header, facts, body.digest()), signers);
            GroupAnswer answer = ledger.append(Group.of(new Submission(record, Optional.of(body.bytes()))));
            GroupAnswer.Committed committed = assertInstanceOf(GroupAnswer.Committed.class, answer, answer.toString());
            assertInstanceOf(RecordAnswer.Admitted.class, committed.results().getFirst());
            next++;
            previous = record.id();
            return record.id();
        }
    }
}
