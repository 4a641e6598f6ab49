package dev.jurat.custody.signer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Dsse;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.UseProof;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignerTest {
    private static final String AGENT = "local/" + "a".repeat(26);
    private static final String OTHER = "local/" + "b".repeat(26);
    private static final String ME = System.getProperty("user.name");
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final RecordId GENESIS = new RecordId(Hash.of(new byte[] {1}));

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<SignerAnswer> told = new ConcurrentLinkedQueue<>();
    private Custody custody;
    private VerifyKey key;
    private SignerServer server;

    @BeforeEach
    void start() throws IOException {
        custody = SoftwareCustody.in(
                folder.resolve("keys"), "correct horse"::toCharArray, PassphraseSeal.Cost.LIGHT, RandomSource.secure());
        try (KeptKey made = custody.make("agent", Suite.ED25519_2026)) {
            key = made.verifyKey();
        }
        serve(rule(ME, SignerRule.KINDS, 1000));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        custody.close();
    }

    private void serve(SignerRule... rules) throws IOException {
        if (server != null) {
            server.close();
        }
        server = SignerServer.open(socket(), Optional.empty(), custody, List.of(rules), told::add);
    }

    private static SignerRule rule(String user, Set<Kind> kinds, int perMinute) {
        return new SignerRule("agent", AGENT, Set.of(user), kinds, perMinute);
    }

    private Path socket() {
        return folder.resolve("s.sock");
    }

    private SignerKey client() {
        return SignerKey.of(socket(), "agent", key, TIME);
    }

    private static void refused(CustodyCode code, Executable asked) {
        CustodyException e = assertThrows(CustodyException.class, asked);
        assertEquals(code, e.code(), () -> String.valueOf(e.getMessage()));
    }

    private static Statement statement(String principal, SignerType type, Facts facts) {
        Header header = new Header(
                facts.kind(),
                new Stream(principal, "c".repeat(26)),
                type,
                0,
                GENESIS,
                GENESIS,
                References.NONE,
                Suite.ED25519_2026);
        return new Statement(header, facts, Hash.of(new byte[] {2}));
    }

    private static byte[] pae(Statement statement) {
        return Dsse.pae(Statement.PAYLOAD_TYPE, statement.bytes());
    }

    private static Facts enrolment(String principal, String keyText, RegistryFacts.KeyAction action) {
        return new RegistryFacts.Key(
                action,
                principal,
                SignerType.AGENT,
                List.of(Role.AGENT),
                keyText,
                RegistryFacts.Enrolled.SELF,
                Optional.empty());
    }

    private Facts session(String identityKey) {
        return new RegistryFacts.Session(
                identityKey,
                SoftwareKey.generate(RandomSource.secure()).verifyKey().text(),
                1,
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.WRAPPER,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private byte[] good() {
        return pae(statement(AGENT, SignerType.AGENT, session(key.text())));
    }

    @Test
    void aRecordOfTheAgentIsNotSigned() {
        try (SignerKey agent = client()) {
            Statement enrols =
                    statement(AGENT, SignerType.AGENT, enrolment(AGENT, key.text(), RegistryFacts.KeyAction.ENROLL));
            for (Statement statement : List.of(enrols, statement(AGENT, SignerType.AGENT, session(key.text())))) {
                SignedRecord record = SignedRecord.sign(statement, agent);
                assertTrue(key.verifies(
                        record.preAuthentication(), record.signatures().getFirst()));
                SignerAnswer answer = told.remove();
                assertEquals(
                        new SignerAnswer(ME, "agent", Optional.of(record.id().hex()), Optional.empty(), 0), answer);
            }
        }
    }

    @Test
    void whatTheSignerSaysOfAKeyIsOfAnother() {
        SignerKey.About about = SignerKey.about(socket(), "agent", TIME);
        assertEquals(new SignerKey.About(AGENT, key, "software", Optional.empty(), ME), about);
        refused(CustodyCode.DENIED, () -> SignerKey.about(socket(), "nobody", TIME));
    }

    @Test
    void whatIsNoRecordIsSigned() {
        try (SignerKey agent = client()) {
            byte[] good = good();
            byte[] payload =
                    statement(AGENT, SignerType.AGENT, session(key.text())).bytes();
            String text = new String(payload, StandardCharsets.UTF_8);
            List<byte[]> bad = List.of(
                    new byte[0],
                    "hello".getBytes(StandardCharsets.UTF_8),
                    payload,
                    Dsse.pae("application/json", payload),
                    Dsse.pae(Statement.PAYLOAD_TYPE, (" " + text).getBytes(StandardCharsets.UTF_8)),
                    Dsse.pae(
                            Statement.PAYLOAD_TYPE,
                            text.replace("record/v1", "record/v2").getBytes(StandardCharsets.UTF_8)),
                    Dsse.pae(Statement.PAYLOAD_TYPE, new byte[0]),
                    Arrays.copyOf(good, good.length - 1),
                    Arrays.copyOf(good, good.length + 1),
                    new String(good, StandardCharsets.UTF_8)
                            .replaceFirst("DSSEv1 28", "DSSEv1 028")
                            .getBytes(StandardCharsets.UTF_8),
                    changed(good, "DSSEv1 28", "DSSEv2 28"),
                    changed(good, "in-toto+json", "in-toto+jsoN"),
                    changed(good, "json " + payload.length, "json " + (payload.length - 1)),
                    new byte[SignedRecord.LEAF_BYTES_MAX + 1],
                    "example.org/log\n12\nq83vEjRWeJA=\n".getBytes(StandardCharsets.UTF_8));
            for (byte[] message : bad) {
                refused(CustodyCode.DENIED, () -> agent.sign(message));
                assertEquals(Optional.of("custody-denied"), told.remove().code());
            }
        }
    }

    private static byte[] changed(byte[] message, String from, String to) {
        String text = new String(message, StandardCharsets.UTF_8);
        assertTrue(text.contains(from));
        return text.replace(from, to).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aRecordThatTheRuleDoesNotAllowIsSigned() {
        String stranger =
                SoftwareKey.generate(RandomSource.secure()).verifyKey().text();
        List<Statement> bad = List.of(
                statement(OTHER, SignerType.AGENT, session(key.text())),
                statement(AGENT, SignerType.AGENT, session(stranger)),
                statement(AGENT, SignerType.AGENT, enrolment(OTHER, key.text(), RegistryFacts.KeyAction.ENROLL)),
                statement(AGENT, SignerType.AGENT, enrolment(AGENT, stranger, RegistryFacts.KeyAction.ENROLL)),
                statement(AGENT, SignerType.AGENT, enrolment(AGENT, key.text(), RegistryFacts.KeyAction.CONFIRM)),
                statement(AGENT, SignerType.AGENT, enrolment(AGENT, key.text(), RegistryFacts.KeyAction.RESUME)));
        try (SignerKey agent = client()) {
            bad.forEach(statement -> refused(CustodyCode.DENIED, () -> agent.sign(pae(statement))));
            assertEquals(bad.size(), told.size());
        }
    }

    /** Each record of the published vectors, as the agent's own: an approval, a contract, a revocation and whatever else there is. */
    @Test
    void aRecordOfAnotherKindIsSigned() throws IOException, FormatException {
        Set<Kind> tried = EnumSet.noneOf(Kind.class);
        try (SignerKey agent = client();
                DirectoryStream<Path> files = Files.newDirectoryStream(
                        Path.of(System.getProperty("jurat.root", ".."), "vectors/record/v1"), "accept-*.json")) {
            for (Path file : files) {
                Json.Obj vector = CanonicalJson.readLoose(Files.readAllBytes(file));
                byte[] leaf =
                        Base64.getDecoder().decode(((Json.Str) vector.members().get("leaf")).value());
                Statement theirs = SignedRecord.ofLeaf(leaf).statement();
                if (!SignerRule.KINDS.contains(theirs.kind())) {
                    CustodyException e = assertThrows(CustodyException.class, () -> agent.sign(pae(asAgents(theirs))));
                    assertTrue(
                            String.valueOf(e.getMessage())
                                    .endsWith("a record of the kind "
                                            + theirs.kind().wire()),
                            e.getMessage());
                    tried.add(theirs.kind());
                }
            }
        }
        // A conflict is the only kind without a vector.
        Set<Kind> wanted = EnumSet.complementOf(EnumSet.of(Kind.KEY, Kind.SESSION, Kind.CONFLICT));
        assertEquals(wanted, tried);
        assertTrue(told.stream().allMatch(answer -> answer.code().isPresent()));
    }

    private static Statement asAgents(Statement theirs) {
        Header header = theirs.header();
        return new Statement(
                new Header(
                        header.kind(),
                        new Stream(AGENT, header.stream().session()),
                        header.signer(),
                        header.sequence(),
                        header.previous(),
                        header.seen(),
                        header.references(),
                        header.suite()),
                theirs.facts(),
                Hash.of(new byte[] {2}));
    }

    /** What this key's principal or a service beside it would be asked for elsewhere, and texts that begin or end like a record. */
    @Test
    void aTokenACheckpointOrATextAroundARecordIsSigned() {
        byte[] good = good();
        byte[] payload = statement(AGENT, SignerType.AGENT, session(key.text())).bytes();
        String text = new String(payload, StandardCharsets.UTF_8);
        String claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"sub\":\"x\"}".getBytes(StandardCharsets.UTF_8));
        List<byte[]> bad = List.of(
                (claims + "." + claims).getBytes(StandardCharsets.US_ASCII),
                UseProof.message(GENESIS.hash(), GENESIS.hash(), AGENT, "nonce"),
                "jurat.dev/log/x\n5\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n\n".getBytes(StandardCharsets.UTF_8),
                Hash.of(good).bytes(),
                Rfc6962.leafHash(good).bytes(),
                joined(good, good),
                joined(good, new byte[] {'\n'}),
                joined(new byte[] {' '}, good),
                joined(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, good),
                Dsse.pae(Statement.PAYLOAD_TYPE, good),
                Dsse.pae(Statement.PAYLOAD_TYPE, joined(payload, payload)),
                Dsse.pae(Statement.PAYLOAD_TYPE, joined(payload, new byte[] {'\n'})),
                Dsse.pae(Statement.PAYLOAD_TYPE, joined(payload, new byte[] {0})),
                recordOf(text.replace("\"header\":{", "\"header\":{\"kind\":\"approval\",")),
                recordOf(text.replace("\"kind\":\"session\"", "\"kind\":\"session\",\"kind\":\"approval\"")),
                recordOf(text.replace("{\"_type\"", "{\"a\":1,\"_type\"")),
                recordOf(text.replace("\"kind\":\"session\"", "\"kind\":\"\\u0073ession\"")),
                recordOf(text.replace("\"sequence\":0", "\"sequence\":0.0")),
                recordOf(text.replace("\"sequence\":0", "\"sequence\":00")),
                recordOf(text.replace(AGENT, AGENT.toUpperCase(java.util.Locale.ROOT))),
                recordOf(text.replace(AGENT, AGENT + "/")),
                recordOf("[" + text + "]"),
                recordOf(text.replace(":\"session\"", ": \"session\"")));
        try (SignerKey agent = client()) {
            for (byte[] message : bad) {
                assertFalse(Arrays.equals(message, good));
                refused(CustodyCode.DENIED, () -> agent.sign(message));
                assertEquals(Optional.of("custody-denied"), told.remove().code());
            }
            assertTrue(key.verifies(good, agent.sign(good)), "what they were made from is signed");
        }
    }

    private static byte[] recordOf(String payload) {
        return Dsse.pae(Statement.PAYLOAD_TYPE, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** A caller who has thousands of signatures, over messages of its choice, has what each of them says and no other. */
    @Test
    void manyChosenRecordsGiveASignatureOfAnother() throws IOException {
        serve(rule(ME, SignerRule.KINDS, SignerRule.PER_MINUTE_MAX));
        byte[] wanted = pae(statement(OTHER, SignerType.AGENT, session(key.text())));
        Set<String> nonces = new HashSet<>();
        try (SignerKey agent = client()) {
            for (int i = 0; i < 500; i++) {
                byte[] signature = agent.sign(good());
                assertTrue(nonces.add(HexFormat.of().formatHex(signature, 0, 32)), "one nonce for two messages");
                assertFalse(key.verifies(wanted, signature));
            }
            byte[] message = good();
            assertArrayEquals(agent.sign(message), agent.sign(message), "the same nonce for the same message");
        }
    }

    @Test
    void whoMayNotAskLearnsWhichKeysThereAre() throws IOException {
        serve(rule("somebody-else", SignerRule.KINDS, 1000));
        List<String> said = new java.util.ArrayList<>();
        for (String name : List.of("agent", "nobody", "x".repeat(64))) {
            for (Executable asked : List.<Executable>of(
                    () -> SignerKey.about(socket(), name, TIME),
                    () -> SignerKey.of(socket(), name, key, TIME).sign(good()),
                    () -> SignerKey.of(socket(), name, key, TIME).sign(new byte[3]))) {
                CustodyException e = assertThrows(CustodyException.class, asked);
                said.add(e.code() + " " + e.getMessage() + " " + e.next());
            }
        }
        assertEquals(1, Set.copyOf(said).size(), said.toString());
    }

    @Test
    void aSignatureThatASignerGotWrongIsHandedOn() throws Exception {
        Path wrong = folder.resolve("wrong.sock");
        byte[] message = good();
        byte[] signature = client().sign(message);
        signature[40] ^= 4;
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(wrong));
            Thread answering = Thread.ofPlatform().daemon().start(() -> {
                try (SocketChannel channel = listening.accept()) {
                    Frames.read(channel);
                    Frames.write(
                            channel,
                            JsonBuilder.object()
                                    .put("signature", Base64Text.encode(signature))
                                    .build());
                } catch (IOException | FormatException e) {
                    throw new IllegalStateException(e);
                }
            });
            refused(
                    CustodyCode.FAILED,
                    () -> SignerKey.of(wrong, "agent", key, TIME).sign(message));
            answering.join();
        }
    }

    @Test
    void aKindThatTheRuleLeavesOutIsSigned() throws IOException {
        serve(rule(ME, Set.of(Kind.KEY), 1000));
        refused(CustodyCode.DENIED, () -> client().sign(good()));
    }

    @Test
    void anotherUserIsServed() throws IOException {
        serve(rule("somebody-else", SignerRule.KINDS, 1000));
        refused(CustodyCode.DENIED, () -> client().sign(good()));
        refused(CustodyCode.DENIED, () -> SignerKey.about(socket(), "agent", TIME));
        assertEquals(ME, told.remove().user());
    }

    @Test
    void aFloodIsSigned() throws IOException {
        serve(rule(ME, SignerRule.KINDS, 3));
        try (SignerKey agent = client()) {
            for (int i = 0; i < 3; i++) {
                agent.sign(good());
            }
            refused(CustodyCode.BUSY, () -> agent.sign(good()));
        }
    }

    @Test
    void whatIsRefusedUsesUpTheRate() throws IOException {
        serve(rule(ME, SignerRule.KINDS, 1));
        try (SignerKey agent = client()) {
            for (int i = 0; i < 5; i++) {
                refused(CustodyCode.DENIED, () -> agent.sign(new byte[3]));
            }
            agent.sign(good());
        }
    }

    @Test
    void aRateFillsFasterThanTimePasses() {
        long minute = Duration.ofMinutes(1).toNanos();
        Pace pace = new Pace(2, 0);
        assertTrue(pace.take(0) && pace.take(0));
        assertFalse(pace.take(minute / 4));
        assertTrue(pace.take(minute / 2 + 1));
        assertFalse(pace.take(minute / 2 + 2));
        assertTrue(pace.take(100 * minute) && pace.take(100 * minute));
        assertFalse(pace.take(100 * minute));
    }

    @Test
    void aSocketIsOpenToOthersOrLeftBehind() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
        server.close();
        assertFalse(Files.exists(socket()));
        refused(CustodyCode.MISSING, () -> client().sign(good()));
    }

    @Test
    void aRuleWhoseKeyIsNotThereOpensASocket() throws IOException {
        server.close();
        SignerRule unknown = new SignerRule("nobody", AGENT, Set.of(ME), SignerRule.KINDS, 1);
        refused(
                CustodyCode.KEY_UNKNOWN,
                () -> SignerServer.open(socket(), Optional.empty(), custody, List.of(unknown), told::add));
        assertFalse(Files.exists(socket()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"ask\":\"key\"}",
                "{\"ask\":\"seed\",\"key\":\"agent\"}",
                "{\"ask\":\"key\",\"key\":\"agent\",\"more\":1}",
                "{\"ask\":\"sign\",\"key\":\"agent\",\"message\":\"=\"}",
                "{ \"ask\":\"key\",\"key\":\"agent\"}",
                "no json",
            })
    void aQuestionOutOfFormIsAnswered(String text) throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            channel.write(ByteBuffer.allocate(4 + bytes.length)
                    .putInt(bytes.length)
                    .put(bytes)
                    .flip());
            String answer = Frames.read(channel).toString();
            assertTrue(answer.contains("custody-damaged"), answer);
        }
        assertEquals(key, SignerKey.about(socket(), "agent", TIME).key());
    }

    @Test
    void aHugeFrameIsReadWhole() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            channel.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
            assertTrue(Frames.read(channel).toString().contains("custody-damaged"));
            assertThrows(IOException.class, () -> Frames.read(channel));
        }
    }

    @Test
    void aSignerThatNeverAnswersIsWaitedFor() throws IOException {
        Path silent = folder.resolve("silent.sock");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(silent));
            SignerKey agent = SignerKey.of(silent, "agent", key, Duration.ofMillis(200));
            refused(CustodyCode.TIMEOUT, () -> agent.sign(good()));
        }
    }

    @Test
    void aSignerThatSignsWithAnotherKeyIsBelieved() {
        VerifyKey expected = SoftwareKey.generate(RandomSource.secure()).verifyKey();
        SignerKey agent = SignerKey.of(socket(), "agent", expected, TIME);
        refused(CustodyCode.FAILED, () -> agent.sign(good()));
    }

    @Test
    void manyIdleCallersKeepOthersOut() throws Exception {
        List<SocketChannel> idle = new java.util.ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                idle.add(SocketChannel.open(UnixDomainSocketAddress.of(socket())));
            }
            byte[] message = good();
            assertTrue(key.verifies(message, client().sign(message)));
            assertEquals(key, SignerKey.about(socket(), "agent", TIME).key());
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
    }

    /** More than are served at once wait for their turn; beyond what waits, a caller is told that the signer is busy, and never that there is none. */
    @Test
    void aCallerBeyondThePlacesIsToldThatThereIsNoSigner() throws Exception {
        List<SocketChannel> idle = new java.util.ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                SocketChannel served = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
                idle.add(served);
                Frames.write(
                        served,
                        JsonBuilder.object()
                                .put("ask", "key")
                                .put("key", "agent")
                                .build());
                // Answered: it has its place before the next one wants one.
                Frames.read(served);
            }
            refused(CustodyCode.BUSY, () -> client().sign(good()));
            Thread leaving = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(300);
                    idle.getFirst().close();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] message = good();
            assertTrue(key.verifies(message, client().sign(message)));
            leaving.join();
            for (int i = 0; i < 64; i++) {
                idle.add(SocketChannel.open(UnixDomainSocketAddress.of(socket())));
            }
            refused(CustodyCode.BUSY, () -> client().sign(good()));
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
    }

    /** Many of one user at once, each asking again as soon as it is answered. */
    @Test
    void callersBeyondThoseServedAreTurnedAway() throws Exception {
        serve(rule(ME, SignerRule.KINDS, SignerRule.PER_MINUTE_MAX));
        List<Thread> callers = new java.util.ArrayList<>();
        ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 40; i++) {
            callers.add(Thread.ofPlatform().start(() -> {
                try (SignerKey agent = client()) {
                    for (int n = 0; n < 20; n++) {
                        agent.sign(good());
                    }
                } catch (CustodyException e) {
                    failed.add(e);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertEquals(List.of(), List.copyOf(failed));
    }

    @Test
    void aRuleIsNotWhatWasWritten() throws FormatException {
        SignerRule rule = rule(ME, SignerRule.KINDS, 7);
        assertEquals(rule, SignerRule.read(rule.bytes()));
        String text = new String(rule.bytes(), StandardCharsets.UTF_8);
        for (String bad : List.of(
                text.replace("\"session\"", "\"intent\""),
                text.replace("\"session\"", "\"approval\""),
                text.replace("\"perMinute\":7", "\"perMinute\":0"),
                text.replace("\"users\":[\"" + ME + "\"]", "\"users\":[]"),
                text.replace(AGENT, "agent"),
                text.replace("\"key\":\"agent\"", "\"key\":\"../x\""),
                text.replace("signer-rule/v1", "signer-rule/v2"),
                text.replace("{\"key\"", "{\"everybody\":true,\"key\""))) {
            assertFalse(bad.equals(text));
            assertThrows(FormatException.class, () -> SignerRule.read(bad.getBytes(StandardCharsets.UTF_8)), bad);
        }
    }
}
