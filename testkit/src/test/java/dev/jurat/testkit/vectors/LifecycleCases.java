package dev.jurat.testkit.vectors;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The cases of {@code vectors/lifecycle/v1}: each has one defect, or none. */
final class LifecycleCases {
    private static final String OTHER = "other";

    private final List<LifecycleCase> cases = new ArrayList<>();

    private LifecycleCases() {}

    static List<LifecycleCase> all() {
        LifecycleCases all = new LifecycleCases();
        all.accepted();
        all.continuation();
        all.openings();
        all.keys();
        all.suites();
        all.publications();
        all.protections();
        all.standing();
        all.registry();
        all.decisions();
        all.approvals();
        all.contracts();
        all.identities();
        all.uses();
        all.outcomes();
        all.endings();
        all.custody();
        all.ledgersOwn();
        all.folds();
        all.cases.addAll(SuccessionCases.all());
        all.cases.addAll(PrincipalCases.all());
        all.cases.addAll(FourEyesCases.all());
        all.cases.addAll(OperationCases.all());
        all.cases.addAll(RegistryCases.all());
        return List.copyOf(all.cases);
    }

    private void claimed(String name, Function<World, List<Matter>> story, String... expect) {
        cases.add(new LifecycleCase(name, LifecycleCase.Base.CLAIMED, story, List.of(expect)));
    }

    private void unclaimed(String name, Function<World, List<Matter>> story, String... expect) {
        cases.add(new LifecycleCase(name, LifecycleCase.Base.UNCLAIMED, story, List.of(expect)));
    }

    private void onP256(String name, Function<World, List<Matter>> story, String... expect) {
        cases.add(new LifecycleCase(name, LifecycleCase.Base.P256, story, List.of(expect)));
    }

    private static List<Matter> one(Draft draft) {
        return List.of(draft.peek());
    }

    // ---- sound

    private void accepted() {
        claimed("accept-authorise", w -> authorise(w.execution()), same("admitted", 5));
        claimed("accept-use", w -> one(w.execution().authorise().use()), "admitted");
        claimed(
                "accept-outcome",
                w -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    return one(x.outcome(Result.SUCCESS));
                },
                "admitted");
        claimed("accept-approval", w -> one(w.execution().anySession().ask(1).approval(w.approver())), "admitted");
        claimed(
                "accept-approved-contract",
                w -> {
                    Execution x = w.execution().anySession().ask(1);
                    x.approval(w.approver()).admit();
                    return List.of(
                            x.decisionAfterApproval().sign(),
                            x.contract().sign(),
                            x.identity().sign());
                },
                same("admitted", 3));
        claimed(
                "accept-repeat-of-an-approved-call-in-another-session",
                w -> {
                    Execution x = w.execution().anySession().ask(1);
                    x.approval(w.approver()).admit();
                    w.admit(x.decisionAfterApproval().sign(), x.contract().sign());
                    Party second = w.session("agent", "agent-2").admitAndJoin();
                    Execution again =
                            w.execution(second, w.point()).anySession().repeats(x);
                    return List.of(again.intent().sign(), again.identity().sign());
                },
                same("admitted", 2));
        claimed(
                "accept-second-use-of-a-ranged-contract",
                w -> {
                    Execution x = w.execution().ranged(5, 60_000).authorise();
                    x.used();
                    return one(x.use());
                },
                "admitted");
        claimed(
                "accept-denial",
                w -> {
                    Execution x = w.execution();
                    return List.of(
                            x.intent().sign(),
                            x.context().sign(),
                            x.denial("outside-root").sign());
                },
                same("admitted", 3));
        unclaimed("accept-observed", w -> authorise(w.execution().observed()), same("admitted", 5));
        unclaimed("accept-claim", w -> one(w.claims("ada").draft()), "admitted");
        unclaimed(
                "accept-claim-that-has-seen-an-old-clock",
                w -> {
                    RecordId old = w.log().clockId();
                    w.tick(1_000_000);
                    return one(w.claims("ada").draft().seen(old));
                },
                "admitted");
        unclaimed(
                "accept-self-enrolment",
                w -> one(w.enrolsItself("b", SignerType.AGENT, Role.AGENT).draft()),
                "admitted");
        claimed(
                "accept-enrolment-by-administrator",
                w -> one(w.enrol("b", SignerType.AGENT, Role.AGENT).draft()),
                "admitted");
        claimed("accept-session", w -> one(w.session("agent", "agent-2").draft()), "admitted");
        claimed("accept-observation", w -> one(w.observation(w.point(), "tools/list")), "admitted");
        claimed("accept-clock", w -> one(w.clock(w.nowMillis() + 100, w.nowMillis() + 105)), "admitted");
        claimed("present-again", w -> List.of(w.execution().intent().admit()), "present");
        claimed(
                "present-after-refusal",
                w -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    Matter second = x.use().sign();
                    w.offer(second);
                    return List.of(second);
                },
                "present:refused");
    }

    private static List<Matter> authorise(Execution x) {
        return List.of(
                x.intent().sign(),
                x.context().sign(),
                x.decision().sign(),
                x.contract().sign(),
                x.identity().sign());
    }

    private static String[] same(String word, int count) {
        String[] words = new String[count];
        Arrays.fill(words, word);
        return words;
    }

    // ---- rules 1 and 2

    private void continuation() {
        claimed(
                "signature-of-another-key",
                w -> one(w.execution().intent().signedBy(World.key(OTHER))),
                "pushed-back:signature-invalid");
        claimed(
                "two-signatures-where-one-stands",
                w -> one(w.execution()
                        .intent()
                        .signedBy(w.agent().key(), w.agent().key())),
                "pushed-back:signature-count");
        claimed(
                "stream-that-nobody-opened",
                w -> {
                    Party ghost = w.session("agent", "ghost").party();
                    return one(w.execution(ghost, w.point()).intent());
                },
                "pushed-back:stream-unknown");
        claimed(
                "a-number-left-out",
                w -> one(w.execution().intent().sequence(w.agent().next() + 1)),
                "pushed-back:sequence-gap");
        claimed(
                "another-previous",
                w -> one(w.execution().intent().previous(w.log().genesisId())),
                "pushed-back:previous-mismatch");
        claimed(
                "a-used-number-again",
                w -> {
                    Matter first = w.execution().intent().admit();
                    return one(w.execution()
                            .intent()
                            .sequence(first.record().header().sequence()));
                },
                "conflict");
        claimed(
                "after-the-end-of-the-session",
                w -> {
                    w.sessionEnd(w.agent()).admit();
                    return one(w.execution().intent());
                },
                "pushed-back:stream-ended");
        claimed(
                "session-in-company",
                w -> List.of(
                        w.session("agent", "agent-2").draft().peek(),
                        w.execution().intent().peek()),
                "pushed-back:group-shape",
                "pushed-back:group-pushed-back");
        claimed(
                "one-bad-record-pushes-the-group-back",
                w -> List.of(
                        w.execution().intent().peek(),
                        w.observation(w.point(), "tools/list")
                                .signedBy(World.key(OTHER))
                                .peek()),
                "pushed-back:group-pushed-back",
                "pushed-back:signature-invalid");
        claimed(
                "session-of-an-unregistered-key",
                w -> one(w.session("agent", "agent-2")
                        .draft()
                        .signedBy(World.key(OTHER), World.key("session/agent-2"))
                        .fact(
                                "identityKey",
                                Json.of(World.key(OTHER).verifyKey().text()))),
                "pushed-back:key-unknown");
        claimed(
                "session-without-its-own-signature",
                w -> one(w.session("agent", "agent-2").draft().signedBy(World.key("agent"), World.key("agent"))),
                "pushed-back:signature-invalid");
        claimed(
                "session-without-the-identitys-signature",
                w -> one(w.session("agent", "agent-2")
                        .draft()
                        .signedBy(World.key("session/agent-2"), World.key("session/agent-2"))),
                "pushed-back:signature-invalid");
        claimed(
                "session-under-another-name",
                w -> one(w.session("agent", "agent-2")
                        .draft()
                        .fact("key", Json.of(World.key(OTHER).verifyKey().text()))
                        .signedBy(World.key("agent"), World.key(OTHER))),
                "pushed-back:stream-name");
        claimed(
                "session-with-a-small-order-key",
                w -> one(w.session("agent", "agent-2")
                        .draft()
                        .fact("key", Json.of("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))),
                "pushed-back:key-invalid");
    }

    /** Which suite a key, its stream and its log have. */
    private void suites() {
        onP256("accept-authorise-of-an-agent-on-p256", w -> authorise(w.execution()), same("admitted", 5));
        onP256(
                "accept-approval-by-a-person-on-p256",
                w -> one(w.execution().anySession().ask(1).approval(w.approver())),
                "admitted");
        onP256(
                "accept-enrolment-of-an-agent-on-p256",
                w -> one(w.enrolledBy(w.administrator(), "b", SignerType.AGENT, Role.AGENT)
                        .draft()),
                "admitted");
        onP256("accept-enrolment-of-an-agent-on-ed25519-beside-p256", w -> one(ofKey(w, World.key(OTHER))), "admitted");
        onP256(
                "accept-session-of-an-agent-on-p256",
                w -> one(w.session("agent", "agent-2").draft()),
                "admitted");
        claimed(
                "enrolment-on-p256-in-a-log-without-it",
                w -> one(ofKey(w, World.p256Key(OTHER))),
                "pushed-back:suite-unnamed");
        onP256(
                "enrolment-on-p256-under-the-name-of-ed25519",
                w -> one(w.enrolledBy(w.administrator(), "b", SignerType.AGENT, Role.AGENT)
                        .draft()
                        .header(h -> named(h, Suite.ED25519_2026))),
                "pushed-back:suite-mismatch");
        onP256(
                "enrolment-on-ed25519-under-the-name-of-p256",
                w -> one(ofKey(w, World.key(OTHER)).header(h -> named(h, Suite.P256_2026))),
                "pushed-back:suite-mismatch");
        onP256(
                "session-with-a-key-on-p256",
                w -> one(w.session("agent", "agent-2")
                        .draft()
                        .header(h -> named(under(h, World.p256Key(OTHER).verifyKey()), Suite.P256_2026))
                        .fact("key", Json.of(World.p256Key(OTHER).verifyKey().text()))
                        .signedBy(w.registeredKey("agent"), World.p256Key(OTHER))),
                "pushed-back:suite-mismatch");
        onP256(
                "session-under-the-suite-of-its-identity-key",
                w -> one(w.session("agent", "agent-2").draft().header(h -> named(h, Suite.P256_2026))),
                "pushed-back:suite-mismatch");
        onP256(
                "approval-on-p256-under-the-name-of-ed25519",
                w -> one(w.execution()
                        .anySession()
                        .ask(1)
                        .approval(w.approver())
                        .header(h -> named(h, Suite.ED25519_2026))),
                "pushed-back:suite-mismatch");
        onP256(
                "approval-on-p256-with-a-high-s",
                w -> List.of(withHighS(
                        w.execution().anySession().ask(1).approval(w.approver()).peek())),
                "pushed-back:signature-invalid");
        onP256(
                "approval-on-p256-with-r-and-s-zero",
                w -> List.of(signed(
                        w.execution().anySession().ask(1).approval(w.approver()).peek(), new byte[64])),
                "pushed-back:signature-invalid");
        onP256(
                "approval-on-p256-signed-with-ed25519",
                w -> one(
                        w.execution().anySession().ask(1).approval(w.approver()).signedBy(World.key("approver"))),
                "pushed-back:signature-invalid");
        onP256(
                "session-whose-identity-on-p256-did-not-sign",
                w -> one(w.session("agent", "agent-2")
                        .draft()
                        .signedBy(World.key("agent"), World.key("session/agent-2"))),
                "pushed-back:signature-invalid");
        for (String bad : List.of("a-key-off-the-curve", "an-uncompressed-key", "a-key-of-an-unknown-form")) {
            onP256(
                    "enrolment-on-p256-with-" + bad,
                    w -> one(ofKey(w, World.p256Key(OTHER)).fact("key", Json.of(Base64Text.encode(badKey(bad))))),
                    "pushed-back:key-invalid");
        }
    }

    /** 33 bytes that are no key, or a key in 65. */
    private static byte[] badKey(String which) {
        byte[] key = World.p256Key(OTHER).verifyKey().bytes();
        switch (which) {
            case "a-key-off-the-curve" -> {
                while (isKey(key)) {
                    key[32]++;
                }
            }
            case "an-uncompressed-key" -> {
                key = Arrays.copyOf(key, 65);
                key[0] = 4;
            }
            default -> key[0] = 5;
        }
        return key;
    }

    private static boolean isKey(byte[] bytes) {
        try {
            VerifyKey.of(Suite.P256_2026, bytes);
            return true;
        } catch (FormatException e) {
            return false;
        }
    }

    /** The enrolment of an agent under a key, which signs it with the administrator. */
    private static Draft ofKey(World w, SigningKey key) {
        return w.enrolsUnder(key, "b", SignerType.AGENT, Role.AGENT).draft();
    }

    private static Header named(Header h, Suite suite) {
        return new Header(
                h.kind(), h.stream(), h.signer(), h.sequence(), h.previous(), h.seen(), h.references(), suite);
    }

    private static Matter signed(Matter matter, byte[]... signatures) {
        try {
            SignedRecord record = SignedRecord.of(matter.record().payload(), List.of(signatures));
            return new Matter(record, matter.body());
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The other signature that the equation holds for. */
    private static Matter withHighS(Matter matter) {
        byte[] signature = matter.record().signatures().getFirst().clone();
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        byte[] high = order.subtract(new BigInteger(1, signature, 32, 32)).toByteArray();
        System.arraycopy(high, high.length - 32, signature, 32, 32);
        return signed(matter, signature);
    }

    /** What signs checkpoints signs no statement; genesis alone names the checkpoint key. */
    private void keys() {
        unclaimed(
                "enrolment-of-an-agent-under-the-checkpoint-key",
                w -> {
                    String key = w.checkpointKey().verifyKey().text();
                    return one(w.enrolsItself("b", SignerType.AGENT, Role.AGENT)
                            .draft()
                            .header(h -> under(h, w.checkpointKey().verifyKey()))
                            .fact("key", Json.of(key))
                            .signedBy(w.checkpointKey()));
                },
                "refused:key-reused");
        claimed(
                "session-under-the-checkpoint-key",
                w -> {
                    String key = w.checkpointKey().verifyKey().text();
                    return one(w.session("agent", "agent-2")
                            .draft()
                            .header(h -> under(h, w.checkpointKey().verifyKey()))
                            .fact("key", Json.of(key))
                            .signedBy(World.key("agent"), w.checkpointKey()));
                },
                "refused:key-reused");
        claimed(
                "session-under-the-identity-key-of-another",
                w -> {
                    VerifyKey key = World.key("broker").verifyKey();
                    return one(w.session("agent", "agent-2")
                            .draft()
                            .header(h -> under(h, key))
                            .fact("key", Json.of(key.text()))
                            .signedBy(World.key("agent"), World.key("broker")));
                },
                "refused:key-reused");
    }

    private static Header under(Header h, VerifyKey key) {
        Stream stream = new Stream(h.stream().principal(), Stream.sessionId(key));
        return new Header(
                h.kind(), stream, h.signer(), h.sequence(), h.previous(), h.seen(), h.references(), h.suite());
    }

    /** A record that opens a stream, written inside one that is open, would change who signs it. */
    private void openings() {
        claimed(
                "enrolment-inside-a-session",
                w -> one(enrolment(w, w.agent(), SignerType.AGENT, Role.AGENT)),
                "pushed-back:sequence-gap");
        claimed(
                "enrolment-of-an-administrator-by-an-approver-alone",
                w -> one(enrolment(w, w.approver(), SignerType.HUMAN, Role.ADMINISTRATOR)),
                "pushed-back:sequence-gap");
        claimed(
                "enrolment-of-a-point-inside-a-points-session",
                w -> one(enrolment(w, w.point(), SignerType.SERVICE, Role.POINT)),
                "pushed-back:sequence-gap");
        claimed(
                "enrolment-by-an-administrator-in-their-own-stream",
                w -> one(enrolment(w, w.administrator(), SignerType.AGENT, Role.AGENT)),
                "pushed-back:sequence-gap");
        claimed("session-inside-itself", w -> one(reopening(w)), "pushed-back:sequence-gap");
        claimed(
                "session-inside-a-revoked-one",
                w -> {
                    w.revokes(w.administrator(), w.agent()).admit();
                    return one(reopening(w));
                },
                "pushed-back:sequence-gap");
        claimed(
                "enrolment-and-intent-inside-a-session",
                w -> List.of(
                        enrolment(w, w.agent(), SignerType.AGENT, Role.AGENT).sign(),
                        w.execution().intent().sign()),
                "pushed-back:sequence-gap",
                "pushed-back:sequence-gap");
        claimed(
                "session-at-number-0-again",
                w -> one(reopening(w).sequence(0).previous(w.log().genesisId())),
                "conflict");
    }

    private static Draft enrolment(World w, Party by, SignerType type, Role role) {
        return w.draft(
                        by,
                        new RegistryFacts.Key(
                                RegistryFacts.KeyAction.ENROLL,
                                World.principal("mallory", type),
                                type,
                                List.of(role),
                                World.key("mallory").verifyKey().text(),
                                RegistryFacts.Enrolled.ADMINISTRATOR,
                                Optional.of(w.administrator().principal())))
                .body(b -> new RegistryDetails.Key("mallory").toJson());
    }

    private static Draft reopening(World w) {
        return w.draft(
                        w.agent(),
                        new RegistryFacts.Session(
                                World.key("agent").verifyKey().text(),
                                World.key("fresh").verifyKey().text(),
                                w.nowMillis() + 3_600_000,
                                RegistryFacts.Isolation.SAME_USER,
                                true,
                                RegistryFacts.Signs.WRAPPER,
                                true,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()))
                .body(b ->
                        new RegistryDetails.Session("testkit", List.of(), Optional.empty(), Optional.empty()).toJson());
    }

    // ---- rule 3

    private void standing() {
        claimed(
                "decision-by-the-broker",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    Draft decision = x.decision();
                    return List.of(moved(w, decision, w.broker()));
                },
                "refused:role-forbidden");
        claimed(
                "use-by-an-agent",
                w -> List.of(moved(w, w.execution().authorise().use(), w.agent())),
                "refused:role-forbidden");
        claimed(
                "approval-by-an-agent",
                w -> List.of(moved(w, w.execution().anySession().ask(1).approval(w.approver()), w.agent())),
                "refused:role-forbidden");
        claimed(
                "clock-by-an-agent",
                w -> List.of(moved(w, w.clock(w.nowMillis() + 1, w.nowMillis() + 2), w.agent())),
                "refused:role-forbidden");
        claimed("state-by-an-agent", w -> List.of(moved(w, w.state(), w.agent())), "refused:role-forbidden");
        claimed("accept-state", w -> one(w.state()), "admitted");
        claimed(
                "outcome-by-an-agent",
                w -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    return List.of(moved(w, x.outcome(Result.SUCCESS), w.agent()));
                },
                "admitted:role-forbidden");
        claimed(
                "agent-that-says-human",
                w -> one(w.execution().intent().header(h -> typed(h, SignerType.HUMAN))),
                "pushed-back:signer-type");
        claimed(
                "intent-of-a-suspended-agent",
                w -> {
                    w.changes(w.administrator(), "agent", SignerType.AGENT, RegistryFacts.KeyAction.SUSPEND, Role.AGENT)
                            .admit();
                    return one(w.execution().intent());
                },
                "refused:principal-suspended");
        claimed(
                "intent-of-a-revoked-session",
                w -> {
                    w.revokes(w.administrator(), w.agent()).admit();
                    return one(w.execution().intent());
                },
                "refused:session-suspended");
        claimed(
                "intent-of-an-expired-session",
                w -> {
                    w.tick(3_700_000);
                    return one(w.execution().intent());
                },
                "refused:session-expired");
        unclaimed(
                "enforced-grant-of-a-self-enrolled-agent",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision());
                },
                "refused:observe-only");
    }

    private static Header typed(Header h, SignerType type) {
        return new Header(h.kind(), h.stream(), type, h.sequence(), h.previous(), h.seen(), h.references(), h.suite());
    }

    /** The same record in somebody else's stream, signed by them. */
    private static Matter moved(World w, Draft draft, Party party) {
        return draft.header(h -> new Header(
                        h.kind(),
                        party.stream(),
                        party.type(),
                        party.next(),
                        party.previous(),
                        h.seen(),
                        h.references(),
                        h.suite()))
                .signedBy(party.key())
                .peek();
    }

    private void registry() {
        claimed(
                "self-enrolment-on-a-claimed-node",
                w -> one(w.enrolsItself("b", SignerType.AGENT, Role.AGENT).draft()),
                "refused:enrolment-closed");
        claimed("claim-of-a-claimed-node", w -> one(w.claims("mallory").draft()), "refused:already-claimed");
        unclaimed(
                "second-claim",
                w -> {
                    w.claims("ada").draft().admit();
                    return one(w.claims("mallory").draft());
                },
                "refused:already-claimed");
        unclaimed(
                "self-enrolment-after-a-claim",
                w -> {
                    w.claims("ada").draft().admit();
                    return one(w.enrolsItself("b", SignerType.AGENT, Role.AGENT).draft());
                },
                "refused:enrolment-closed");
        claimed(
                "enrolment-by-an-approver",
                w -> one(w.enrolledBy(w.approver(), "b", SignerType.AGENT, Role.AGENT)
                        .draft()),
                "refused:role-forbidden");
        claimed(
                "enrolment-with-a-forged-administrator",
                w -> one(w.enrol("b", SignerType.AGENT, Role.AGENT).draft().signedBy(World.key("b"), World.key(OTHER))),
                "pushed-back:signature-invalid");
        claimed(
                "key-of-another-principal",
                w -> {
                    Party b = w.enrol("b", SignerType.AGENT, Role.AGENT).party();
                    Draft draft = w.enrol("b", SignerType.AGENT, Role.AGENT).draft();
                    String agents = World.key("agent").verifyKey().text();
                    return List.of(draft.fact("key", Json.of(agents))
                            .header(h -> new Header(
                                    h.kind(),
                                    new Stream(
                                            b.principal(),
                                            Stream.sessionId(World.key("agent").verifyKey())),
                                    h.signer(),
                                    0,
                                    h.previous(),
                                    h.seen(),
                                    h.references(),
                                    h.suite()))
                            .signedBy(World.key("agent"), w.administrator().key())
                            .peek());
                },
                "refused:key-reused");
        claimed(
                "agent-with-the-role-of-a-governor",
                w -> one(w.enrol("b", SignerType.AGENT, Role.GOVERNOR).draft()),
                "refused:roles-invalid");
        claimed(
                "administrator-among-agents",
                w -> one(w.enrol("b", SignerType.AGENT, Role.ADMINISTRATOR).draft()),
                "refused:roles-invalid");
        claimed(
                "suspension-of-nobody",
                w -> one(w.changes(
                        w.administrator(), "nobody", SignerType.AGENT, RegistryFacts.KeyAction.SUSPEND, Role.AGENT)),
                "refused:target-unknown");
        claimed(
                "session-that-says-unclaimed",
                w -> one(w.session("agent", "agent-2").draft().fact("node", Json.of("unclaimed"))),
                "refused:node-state");
        claimed(
                "session-of-two-days",
                w -> one(w.session("agent", "agent-2").draft().fact("notAfter", Json.of(w.nowMillis() + 172_800_000))),
                "refused:session-too-long");
        claimed(
                "session-that-has-ended-before-it-begins",
                w -> one(w.session("agent", "agent-2").draft().fact("notAfter", Json.of(w.nowMillis() - 1))),
                "refused:session-expired");
        claimed(
                "policy-by-the-governor-that-genesis-does-not-name",
                w -> one(w.draft(
                        w.governor(),
                        policy(World.key(OTHER).verifyKey().text(), RegistryFacts.Publication.AVAILABLE))),
                "refused:not-in-genesis");
        unclaimed(
                "second-default-by-the-governor",
                w -> one(w.draft(
                        w.governor(),
                        new RegistryFacts.Policy(
                                w.observeArtefact(),
                                "observe@v1",
                                RegistryFacts.Publication.DEFAULT,
                                RegistryFacts.Floors.NONE))),
                "refused:role-forbidden");
        claimed(
                "withdrawal-by-the-governor",
                w -> one(w.draft(
                        w.governor(),
                        new RegistryFacts.Policy(
                                w.starterArtefact(),
                                "starter@v1",
                                RegistryFacts.Publication.WITHDRAWN,
                                RegistryFacts.Floors.NONE))),
                "refused:role-forbidden");
    }

    private void publications() {
        unclaimed(
                "policy-of-genesis-again-by-the-governor",
                w -> one(w.draft(
                        w.governor(),
                        new RegistryFacts.Policy(
                                w.starterArtefact(),
                                "starter@v1",
                                RegistryFacts.Publication.AVAILABLE,
                                RegistryFacts.Floors.NONE))),
                "refused:not-in-genesis");
        claimed(
                "policy-of-an-administrator-again-without-its-floors",
                w -> {
                    w.draft(
                                    w.administrator(),
                                    new RegistryFacts.Policy(
                                            w.starterArtefact(),
                                            "starter@v1",
                                            RegistryFacts.Publication.DEFAULT,
                                            new RegistryFacts.Floors(1, 1, 1, 1)))
                            .admit();
                    return one(w.draft(
                            w.governor(),
                            new RegistryFacts.Policy(
                                    w.starterArtefact(),
                                    "starter@v1",
                                    RegistryFacts.Publication.AVAILABLE,
                                    RegistryFacts.Floors.NONE)));
                },
                "refused:not-in-genesis");
        claimed(
                "changed-definition-accepted-by-the-governor",
                w -> one(w.draft(
                        w.governor(),
                        new RegistryFacts.Profile(
                                w.profileArtefact(),
                                "files@1.0.0",
                                RegistryFacts.Publication.AVAILABLE,
                                List.of(new RegistryFacts.Accepted(
                                        "read_text_file", Hash.of("another".getBytes(StandardCharsets.UTF_8))))))),
                "refused:role-forbidden");
        claimed(
                "profile-withdrawn-by-the-governor",
                w -> one(w.draft(
                        w.governor(),
                        new RegistryFacts.Profile(
                                w.profileArtefact(), "files@1.0.0", RegistryFacts.Publication.WITHDRAWN, List.of()))),
                "refused:role-forbidden");
        claimed(
                "withdrawal-of-a-policy-that-never-was",
                w -> one(w.draft(
                        w.administrator(),
                        policy(World.key(OTHER).verifyKey().text(), RegistryFacts.Publication.WITHDRAWN))),
                "refused:target-unknown");
    }

    private void custody() {
        claimed("accept-erasure", w -> one(erasure(w, w.execution().authorise())), "admitted");
        claimed("accept-hold", w -> one(w.holdsEverything(w.administrator())), "admitted");
        claimed(
                "accept-erasure-of-what-is-not-held",
                w -> {
                    Execution x = w.execution().authorise();
                    w.holds(w.administrator(), x.id(Kind.INTENT)).admit();
                    w.holds(w.administrator(), w.point().principal()).admit();
                    return one(erasure(w, x));
                },
                "admitted");
        claimed(
                "accept-erasure-after-the-hold-was-lifted",
                w -> {
                    Execution x = w.execution().authorise();
                    RecordId hold = w.holdsEverything(w.administrator()).admit().id();
                    w.lifts(w.administrator(), hold).admit();
                    return one(erasure(w, x));
                },
                "admitted");
        claimed(
                "erasure-of-a-held-record",
                w -> {
                    Execution x = w.execution().authorise();
                    w.holds(w.administrator(), x.id(Kind.CONTEXT), x.id(Kind.DECISION))
                            .admit();
                    return one(erasure(w, x));
                },
                "refused:held");
        claimed(
                "erasure-of-a-held-principals-record",
                w -> {
                    w.holds(w.administrator(), w.agent().principal()).admit();
                    Execution x = w.execution().authorise();
                    return one(w.erases(w.administrator(), x.id(Kind.INTENT)));
                },
                "refused:held");
        claimed(
                "erasure-where-everything-is-held",
                w -> {
                    Execution x = w.execution().authorise();
                    w.holdsEverything(w.administrator()).admit();
                    return one(erasure(w, x));
                },
                "refused:held");
        claimed(
                "erasure-under-the-second-of-two-holds",
                w -> {
                    Execution x = w.execution().authorise();
                    RecordId first = w.holds(w.administrator(), x.id(Kind.DECISION))
                            .admit()
                            .id();
                    w.holds(w.administrator(), x.id(Kind.DECISION)).admit();
                    w.lifts(w.administrator(), first).admit();
                    return one(erasure(w, x));
                },
                "refused:held");
        claimed(
                "erasure-by-an-approver",
                w -> {
                    Execution x = w.execution().authorise();
                    return one(w.erases(w.approver(), x.id(Kind.CONTEXT)));
                },
                "refused:role-forbidden");
        claimed("hold-by-an-agent", w -> one(w.holdsEverything(w.agent())), "refused:role-forbidden");
        claimed("lift-of-what-is-no-hold", w -> one(w.lifts(w.administrator(), w.policy())), "refused:target-unknown");
        claimed(
                "lift-of-a-hold-that-was-lifted",
                w -> {
                    RecordId hold = w.holdsEverything(w.administrator()).admit().id();
                    w.lifts(w.administrator(), hold).admit();
                    return one(w.lifts(w.administrator(), hold));
                },
                "refused:target-unknown");
        claimed(
                "lift-that-names-no-hold",
                w -> one(w.draft(w.administrator(), new CustodyFacts.Lift())),
                "refused:target-unknown");
        claimed(
                "hold-that-names-another-hold",
                w -> {
                    RecordId hold = w.holdsEverything(w.administrator()).admit().id();
                    return one(w.holdsEverything(w.administrator()).references(References.of("hold", hold)));
                },
                "refused:reference-mismatch");
    }

    /** Of the governor's context and decision. */
    private static Draft erasure(World w, Execution x) {
        return w.erases(w.administrator(), x.id(Kind.CONTEXT), x.id(Kind.DECISION));
    }

    private void protections() {
        claimed(
                "revocation-of-the-ledger",
                w -> one(revokes(w, w.administrator(), Stream.LEDGER.principal())),
                "refused:target-protected");
        claimed(
                "revocation-of-the-last-administrator",
                w -> one(revokes(w, w.administrator(), w.administrator().principal())),
                "refused:target-protected");
        claimed(
                "suspension-of-the-last-administrator",
                w -> one(w.changes(
                        w.administrator(),
                        "administrator",
                        SignerType.HUMAN,
                        RegistryFacts.KeyAction.SUSPEND,
                        Role.ADMINISTRATOR)),
                "refused:target-protected");
        claimed(
                "revocation-of-a-principal-by-an-approver",
                w -> one(revokes(w, w.approver(), w.agent().principal())),
                "refused:role-forbidden");
        claimed(
                "revocation-of-a-policy-by-an-approver",
                w -> one(w.revokes(w.approver(), RegistryFacts.Target.POLICY, w.policy())),
                "refused:role-forbidden");
        claimed(
                "revocation-of-a-points-session-by-an-approver",
                w -> one(w.revokes(w.approver(), w.point())),
                "refused:namespace-crossed");
        claimed(
                "accept-revocation-of-a-contract-by-an-approver",
                w -> {
                    Execution x = w.execution().authorise();
                    return one(w.revokes(w.approver(), RegistryFacts.Target.CONTRACT, x.id(Kind.CONTRACT)));
                },
                "admitted");
        claimed(
                "revocation-by-an-administrator-of-themselves-where-another-stands",
                w -> {
                    w.enrol("second", SignerType.HUMAN, Role.ADMINISTRATOR)
                            .draft()
                            .admit();
                    return one(revokes(w, w.administrator(), w.administrator().principal()));
                },
                "refused:target-protected");
        claimed(
                "revocation-of-a-session-that-names-a-record-too",
                w -> {
                    Execution x = w.execution().authorise();
                    return one(w.revokes(w.administrator(), w.agent())
                            .references(References.of("target", x.id(Kind.CONTRACT))));
                },
                "refused:reference-mismatch");
        claimed(
                "use-by-another-point-spends-nothing",
                w -> {
                    w.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
                    Party second = w.session("point-2", "point-2").admitAndJoin();
                    Execution x = w.execution().authorise();
                    return List.of(
                            moved(w, x.use(), second),
                            x.use().fact("ordinal", Json.of(1)).sign());
                },
                "refused:use-point",
                "admitted");
        claimed(
                "use-without-the-holders-proof-spends-nothing",
                w -> {
                    Execution x = w.execution().authorise();
                    Matter forged =
                            x.use().fact("nonce", Json.of("00".repeat(16))).sign();
                    w.offer(forged);
                    return one(x.use().fact("ordinal", Json.of(1)));
                },
                "admitted");
        claimed(
                "observation-by-an-agent-that-says-it-is-a-service",
                w -> one(w.observation(w.agent(), "tools/list")
                        .header(h -> new Header(
                                h.kind(),
                                h.stream(),
                                SignerType.SERVICE,
                                h.sequence(),
                                h.previous(),
                                h.seen(),
                                h.references(),
                                h.suite()))),
                "pushed-back:signer-type");
        claimed(
                "approval-of-somebody-suspended-since",
                w -> {
                    Execution x = w.execution().anySession().ask(1);
                    x.approval(w.approver()).admit();
                    revokes(w, w.administrator(), w.approver().principal()).admit();
                    return one(x.decisionAfterApproval());
                },
                "refused:principal-suspended");
        claimed(
                "observed-decision-that-counts-approvals",
                w -> {
                    Execution x = w.execution();
                    x.intent().admit();
                    x.context().admit();
                    Matter pending = x.pending(1).sign();
                    w.admit(pending);
                    x.observed();
                    return one(x.decision()
                            .references(References.of(
                                            "intent",
                                            x.id(Kind.INTENT),
                                            "context",
                                            x.id(Kind.CONTEXT),
                                            "policy",
                                            w.observePolicy(),
                                            "supersedes",
                                            pending.id())
                                    .withMany(
                                            "approvals",
                                            List.of(new RecordId(
                                                    Hash.of("nobody".getBytes(StandardCharsets.UTF_8)))))));
                },
                "refused:reference-mismatch");
        unclaimed(
                "observed-on-a-node-claimed-since-without-an-administrators-word",
                w -> {
                    w.claims("ada").draft().admit();
                    Execution x = w.execution().observed();
                    x.intent().admit();
                    x.context().admit();
                    return one(x.decision());
                },
                "refused:observe-not-allowed");
        claimed(
                "observed-contract-below-the-floor",
                w -> {
                    RecordId floored = w.draft(
                                    w.administrator(),
                                    new RegistryFacts.Policy(
                                            w.observeArtefact(),
                                            "observe@v1",
                                            RegistryFacts.Publication.AVAILABLE,
                                            new RegistryFacts.Floors(1, 1, 1, 1)))
                            .admit()
                            .id();
                    Execution x = w.execution().observed();
                    x.intent().admit();
                    x.context().admit();
                    x.decision()
                            .references(References.of(
                                    "intent", x.id(Kind.INTENT), "context", x.id(Kind.CONTEXT), "policy", floored))
                            .admit();
                    return one(x.contract());
                },
                "refused:approval-floor");
        claimed(
                "contract-with-an-identity-that-was-refused-before",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign(), x.decision().sign());
                    Matter contract = x.contract().sign();
                    Matter identity = x.identity().sign();
                    w.offer(identity);
                    return List.of(contract, identity);
                },
                "admitted",
                "present:refused");
    }

    private static Draft revokes(World w, Party by, String principal) {
        return w.draft(
                        by,
                        new RegistryFacts.Revocation(
                                RegistryFacts.Target.PRINCIPAL, "operator", Optional.empty(), Optional.of(principal)))
                .body(b -> new PersonDetails("gone").toJson());
    }

    private static RegistryFacts.Policy policy(String text, RegistryFacts.Publication use) {
        return new RegistryFacts.Policy(
                Hash.of(text.getBytes(StandardCharsets.UTF_8)), "mine@v1", use, RegistryFacts.Floors.NONE);
    }

    // ---- rule 4

    private void decisions() {
        claimed(
                "seen-unknown",
                w -> one(w.execution().intent().seen(new RecordId(Hash.of(new byte[1])))),
                "refused:seen-unknown");
        claimed(
                "seen-too-old",
                w -> {
                    RecordId old = w.log().clockId();
                    w.tick(61_000);
                    return one(w.execution().intent().seen(old));
                },
                "refused:seen-too-old");
        claimed("clock-going-back", w -> one(w.clock(w.nowMillis() - 1, w.nowMillis() + 5)), "refused:clock-backwards");
        claimed(
                "clock-whose-ends-are-crossed",
                w -> one(w.clock(w.nowMillis() + 9, w.nowMillis() + 8)),
                "refused:clock-backwards");
        claimed(
                "context-of-no-intent",
                w -> {
                    Execution x = w.execution();
                    x.intent().sign();
                    return one(x.context());
                },
                "refused:reference-unknown");
        decision(
                "decision-for-another-actor",
                "actor",
                Json.of(World.principal(OTHER, SignerType.AGENT)),
                "grant-actor");
        decision("decision-for-another-session", "session", Json.of("a".repeat(26)), "grant-session");
        decision(
                "decision-at-another-point",
                "point",
                Json.of(World.principal("point-2", SignerType.SERVICE)),
                "grant-point");
        decision("decision-for-another-call", "call", Json.of(Hash.ZERO.hex()), "grant-call");
        claimed(
                "decision-for-another-tool",
                w -> decided(
                        w,
                        g -> g.with(
                                "tool", w.tool("write_file", Effect.WRITE, true).toJson())),
                "refused:grant-tool");
        decision("decision-that-observes-and-allows", "mode", Json.of("observed"), "grant-mode");
        unclaimed(
                "observed-and-ranged",
                w -> {
                    Execution x = w.execution().observed();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision()
                            .fact(
                                    "grant",
                                    grant(x).with("shape", Json.of("ranged"))
                                            .with("call", Json.of(""))
                                            .with("uses", Json.of(9))));
                },
                "refused:grant-shape");
        claimed(
                "decision-under-another-policy",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision()
                            .fact("policy", Json.of(w.observeArtefact().hex())));
                },
                "refused:policy-digest");
        claimed(
                "decision-under-a-withdrawn-policy",
                w -> {
                    w.revokes(w.administrator(), RegistryFacts.Target.POLICY, w.policy())
                            .admit();
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision());
                },
                "refused:policy-withdrawn");
        claimed(
                "enforced-under-a-policy-that-is-not-the-default",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision()
                            .header(h -> referring(h, "policy", w.observePolicy()))
                            .fact("policy", Json.of(w.observeArtefact().hex())));
                },
                "refused:policy-not-default");
        claimed(
                "pending-under-a-policy-that-is-not-the-default",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.pending(1)
                            .header(h -> referring(h, "policy", w.observePolicy()))
                            .fact("policy", Json.of(w.observeArtefact().hex())));
                },
                "refused:policy-not-default");
        claimed(
                "enforced-under-a-default-that-was-replaced",
                w -> {
                    strictDefault(w);
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision());
                },
                "refused:policy-not-default");
        claimed(
                "enforced-under-a-former-default-whose-successor-is-withdrawn",
                w -> {
                    RecordId strict = strictDefault(w);
                    w.revokes(w.administrator(), RegistryFacts.Target.POLICY, strict)
                            .admit();
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision());
                },
                "refused:policy-not-default");
        claimed(
                "observed-under-a-policy-that-is-not-the-default",
                w -> authorise(w.execution().observed()),
                same("admitted", 5));
        claimed(
                "second-decision-of-an-intent",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign(), x.decision().sign());
                    return one(x.decision());
                },
                "refused:decision-exists");
        claimed(
                "context-of-another-intent",
                w -> {
                    Execution first = w.execution();
                    w.admit(first.intent().sign(), first.context().sign());
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision().header(h -> referring(h, "context", first.id(Kind.CONTEXT))));
                },
                "refused:reference-mismatch");
        claimed(
                "allowed-although-approval-is-wanted",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign());
                    return one(x.decision().fact("wanted", Json.of(1)));
                },
                "refused:approval-missing");
    }

    private void decision(String name, String member, Json value, String rule) {
        claimed(name, w -> decided(w, g -> g.with(member, value)), "refused:" + rule);
    }

    private static List<Matter> decided(World w, UnaryOperator<Json.Obj> change) {
        Execution x = w.execution();
        w.admit(x.intent().sign(), x.context().sign());
        return one(x.decision().fact("grant", change.apply(grant(x))));
    }

    private static Json.Obj grant(Execution x) {
        return x.grant().toJson();
    }

    private static Header referring(Header h, String role, RecordId id) {
        Map<String, List<RecordId>> roles = new HashMap<>(h.references().byRole());
        roles.put(role, List.of(id));
        return new Header(
                h.kind(),
                h.stream(),
                h.signer(),
                h.sequence(),
                h.previous(),
                h.seen(),
                new References(roles),
                h.suite());
    }

    private void approvals() {
        claimed(
                "approval-of-other-terms",
                w -> one(w.execution()
                        .anySession()
                        .ask(1)
                        .approval(w.approver())
                        .fact("terms", Json.of(Hash.ZERO.hex()))),
                "refused:terms-differ");
        claimed(
                "approval-of-a-decision-that-allows",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign(), x.decision().sign());
                    return one(x.approval(w.approver()));
                },
                "refused:decision-outcome");
        claimed(
                "approval-of-nothing",
                w -> one(w.execution()
                        .anySession()
                        .ask(1)
                        .approval(w.approver())
                        .references(References.of("decision", w.log().genesisId()))),
                "refused:reference-unknown");
        claimed(
                "approval-twice-by-one-person",
                w -> {
                    Execution x = w.execution().anySession().ask(2);
                    x.approval(w.approver()).admit();
                    return one(x.approval(w.approver()));
                },
                "refused:approval-duplicate");
        claimed(
                "approval-after-a-rejection",
                w -> {
                    Execution x = w.execution().anySession().ask(2);
                    x.rejection(w.enrol("approver-2", SignerType.HUMAN, Role.APPROVER)
                                    .admitAndJoin())
                            .admit();
                    return one(x.approval(w.approver()));
                },
                "refused:approval-closed");
        claimed(
                "one-approval-where-two-are-wanted",
                w -> {
                    Execution x = w.execution().anySession().ask(2);
                    x.approval(w.approver()).admit();
                    return one(x.decisionAfterApproval());
                },
                "refused:approval-missing");
        claimed(
                "allowed-after-a-rejection",
                w -> {
                    Execution x = w.execution().anySession().ask(1);
                    x.rejection(w.approver()).admit();
                    return one(x.decisionAfterApproval());
                },
                "refused:approval-rejected");
        claimed(
                "widened-after-approval",
                w -> {
                    Execution x = w.execution().anySession().ask(1);
                    x.approval(w.approver()).admit();
                    return one(x.decisionAfterApproval()
                            .fact("grant", grant(x).with("terms", Json.of(Hash.ZERO.hex()))));
                },
                "refused:terms-differ");
        claimed(
                "approval-of-another-decision",
                w -> {
                    Execution other = w.execution().anySession().ask(1);
                    RecordId approval = other.approval(w.approver()).admit().id();
                    Execution x = w.execution().anySession().ask(1);
                    x.approval(w.approver()).admit();
                    return one(x.decisionAfterApproval().header(h -> referring(h, "approvals", approval)));
                },
                "refused:reference-mismatch");
    }

    private void contracts() {
        for (Map.Entry<String, UnaryOperator<Json.Obj>> lie : grantLies().entrySet()) {
            claimed(
                    "contract-with-another-" + lie.getKey(),
                    w -> {
                        Execution x = decidedRanged(w, lie.getKey());
                        return one(x.contract().fact("grant", lie.getValue().apply(grant(x))));
                    },
                    "refused:grant-differs");
            claimed(
                    "identity-with-another-" + lie.getKey(),
                    w -> {
                        Execution x = decidedRanged(w, lie.getKey());
                        x.contract().admit();
                        return one(x.identity().fact("grant", lie.getValue().apply(grant(x))));
                    },
                    "refused:grant-differs");
        }
        claimed(
                "contract-and-identity-fall-together",
                w -> {
                    Execution x = decidedRanged(w, "uses");
                    Draft contract = x.contract().fact("grant", grant(x).with("uses", Json.of(9_999)));
                    return List.of(contract.sign(), x.identity().sign());
                },
                "refused:grant-differs",
                "refused:together");
        claimed(
                "identity-takes-its-contract-with-it",
                w -> {
                    Execution x = decidedRanged(w, "uses");
                    return List.of(
                            x.contract().sign(),
                            x.identity()
                                    .fact(
                                            "key",
                                            Json.of(World.key(OTHER).verifyKey().text()))
                                    .sign());
                },
                "refused:together",
                "refused:identity-key");
        claimed(
                "contract-of-a-denial",
                w -> {
                    Execution x = w.execution();
                    w.admit(
                            x.intent().sign(),
                            x.context().sign(),
                            x.denial("outside-root").sign());
                    return one(x.contract().references(References.of("decision", x.id(Kind.DECISION))));
                },
                "refused:decision-outcome");
        claimed(
                "contract-of-a-pending-decision",
                w -> {
                    Execution x = w.execution().anySession().ask(1);
                    return one(x.contract());
                },
                "refused:decision-outcome");
        claimed(
                "second-contract-of-a-decision",
                w -> one(w.execution().authorise().contract()),
                "refused:contract-exists");
        claimed(
                "contract-after-the-default-was-replaced",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign(), x.decision().sign());
                    strictDefault(w);
                    return one(x.contract());
                },
                "refused:policy-not-default");
        claimed(
                "approved-after-the-default-was-replaced-and-decided-by-the-old-one",
                w -> {
                    Execution x = w.execution().anySession().ask(1);
                    strictDefault(w);
                    x.approval(w.approver()).admit();
                    return one(x.decisionAfterApproval());
                },
                "refused:policy-not-default");
        claimed(
                "approved-after-the-default-was-replaced-and-decided-by-the-new-one",
                w -> {
                    Execution x = w.execution().anySession().ask(1);
                    RecordId strict = strictDefault(w);
                    x.approval(w.approver()).admit();
                    Draft decision = x.decisionAfterApproval().header(h -> referring(h, "policy", strict));
                    return List.of(
                            decision.sign(), x.contract().sign(), x.identity().sign());
                },
                same("admitted", 3));
        claimed(
                "contract-of-an-old-decision",
                w -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign(), x.decision().sign());
                    w.tick(61_000);
                    return one(x.contract());
                },
                "refused:decision-stale");
        claimed(
                "contract-below-the-administrators-floor",
                w -> {
                    RecordId strict = w.draft(
                                    w.administrator(),
                                    new RegistryFacts.Policy(
                                            w.starterArtefact(),
                                            "starter@v1",
                                            RegistryFacts.Publication.DEFAULT,
                                            new RegistryFacts.Floors(1, 1, 1, 1)))
                            .admit()
                            .id();
                    Execution x = w.execution();
                    w.admit(
                            x.intent().sign(),
                            x.context().sign(),
                            x.decision()
                                    .header(h -> referring(h, "policy", strict))
                                    .sign());
                    return one(x.contract());
                },
                "refused:approval-floor");
        claimed(
                "contract-like-a-call-that-ended-unknown",
                w -> {
                    Execution first = write(w).authorise();
                    first.use().admit();
                    first.outcome(Result.UNKNOWN).admit();
                    Execution x = write(w);
                    w.admit(x.intent().sign(), x.context().sign(), x.decision().sign());
                    return one(x.contract());
                },
                "refused:unknown-outstanding");
    }

    /** Publishes the starter policy again, as the default, with floors that want a person for everything. */
    private static RecordId strictDefault(World w) {
        return w.draft(
                        w.administrator(),
                        new RegistryFacts.Policy(
                                w.starterArtefact(),
                                "starter@v1",
                                RegistryFacts.Publication.DEFAULT,
                                new RegistryFacts.Floors(1, 1, 1, 1)))
                .admit()
                .id();
    }

    private static Execution write(World w) {
        return w.execution().tool(w.tool("append_file", Effect.WRITE, false));
    }

    private static Execution decidedRanged(World w, String member) {
        Execution x = member.equals("call") ? w.execution() : w.execution().ranged(5, 60_000);
        w.admit(x.intent().sign(), x.context().sign(), x.decision().sign());
        return x;
    }

    /** One lie for each member of a grant. */
    private static Map<String, UnaryOperator<Json.Obj>> grantLies() {
        Map<String, UnaryOperator<Json.Obj>> lies = new TreeMap<>();
        lies.put("actor", g -> g.with("actor", Json.of(World.principal(OTHER, SignerType.AGENT))));
        lies.put("session", g -> g.with("session", Json.of("any")));
        lies.put("point", g -> g.with("point", Json.of(World.principal("point-2", SignerType.SERVICE))));
        lies.put(
                "shape",
                g -> g.with("shape", Json.of("exact"))
                        .with("call", Json.of(Hash.ZERO.hex()))
                        .with("uses", Json.of(1)));
        lies.put("call", g -> g.with("call", Json.of(Hash.ZERO.hex())));
        lies.put("window", g -> g.with("windowMillis", Json.of(60_001)));
        lies.put("uses", g -> g.with("uses", Json.of(6)));
        lies.put(
                "totals",
                g -> g.with(
                        "totals",
                        new Json.Arr(List.of(JsonBuilder.object()
                                .put("max", "1")
                                .put("name", "amount")
                                .build()))));
        lies.put("mode", g -> g.with("mode", Json.of("observed")));
        lies.put("terms", g -> g.with("terms", Json.of(Hash.ZERO.hex())));
        for (Map.Entry<String, Json> member : Map.<String, Json>of(
                        "profile", Json.of("none"),
                        "method", Json.of("prompts/get"),
                        "name", Json.of("write_file"),
                        "effect", Json.of("write"),
                        "idempotent", Json.of(false))
                .entrySet()) {
            lies.put(
                    "tool-" + member.getKey(),
                    g -> g.with(
                            "tool",
                            ((Json.Obj) Objects.requireNonNull(g.members().get("tool")))
                                    .with(member.getKey(), member.getValue())));
        }
        return lies;
    }

    private void identities() {
        claimed(
                "identity-for-another-key",
                w -> {
                    Execution x = contracted(w);
                    return one(x.identity()
                            .fact("key", Json.of(World.key(OTHER).verifyKey().text())));
                },
                "refused:identity-key");
        claimed(
                "identity-for-another-session",
                w -> {
                    w.session("agent", "agent-2").admitAndJoin();
                    Execution x = contracted(w);
                    return one(x.identity()
                            .fact(
                                    "session",
                                    Json.of(w.session("agent", "agent-2")
                                            .party()
                                            .session())));
                },
                "refused:reference-mismatch");
        claimed(
                "identity-that-outlives-its-contract",
                w -> {
                    Execution x = contracted(w);
                    return one(x.identity().fact("notAfter", Json.of(w.nowMillis() + 10_000_000)));
                },
                "refused:identity-beyond-contract");
        claimed(
                "second-identity-of-a-session",
                w -> one(w.execution().authorise().identity()),
                "refused:identity-exists");
        claimed(
                "identity-after-the-contracts-end",
                w -> {
                    Execution x = contracted(w);
                    w.tick(61_000);
                    return one(x.identity());
                },
                "refused:contract-expired");
        claimed(
                "identity-of-a-revoked-contract",
                w -> {
                    Execution x = contracted(w);
                    w.revokes(w.approver(), RegistryFacts.Target.CONTRACT, x.id(Kind.CONTRACT))
                            .admit();
                    return one(x.identity());
                },
                "refused:contract-revoked");
        claimed(
                "identity-under-a-revoked-policy",
                w -> {
                    Execution x = contracted(w);
                    revokesPolicy(w);
                    return one(x.identity());
                },
                "refused:policy-revoked");
        claimed(
                "identity-for-an-intent-with-another-call",
                w -> {
                    Execution x = contracted(w);
                    Execution other = w.execution().arguments("{\"path\":\"/srv/other.txt\"}");
                    RecordId intent = other.intent().admit().id();
                    return one(x.identity().header(h -> referring(h, "intent", intent)));
                },
                "refused:grant-call");
    }

    private static void revokesPolicy(World w) {
        w.revokes(w.administrator(), RegistryFacts.Target.POLICY, w.policy()).admit();
    }

    private static Execution contracted(World w) {
        Execution x = w.execution();
        w.admit(
                x.intent().sign(),
                x.context().sign(),
                x.decision().sign(),
                x.contract().sign());
        return x;
    }

    private void uses() {
        claimed(
                "second-use-of-a-single-use-identity",
                w -> {
                    Execution x = w.execution().authorise();
                    x.used();
                    return one(x.use());
                },
                "refused:contract-spent");
        claimed(
                "use-after-expiry",
                w -> {
                    Execution x = w.execution().authorise();
                    w.tick(61_000);
                    return one(x.use());
                },
                "refused:contract-expired");
        claimed(
                "use-of-a-revoked-identity",
                w -> {
                    Execution x = w.execution().authorise();
                    w.revokes(w.approver(), RegistryFacts.Target.IDENTITY, x.id(Kind.IDENTITY))
                            .admit();
                    return one(x.use());
                },
                "refused:identity-revoked");
        claimed(
                "use-of-a-revoked-contract",
                w -> {
                    Execution x = w.execution().authorise();
                    w.revokes(w.approver(), RegistryFacts.Target.CONTRACT, x.id(Kind.CONTRACT))
                            .admit();
                    return one(x.use());
                },
                "refused:contract-revoked");
        claimed(
                "use-under-a-revoked-policy",
                w -> {
                    Execution x = w.execution().authorise();
                    revokesPolicy(w);
                    return one(x.use());
                },
                "refused:policy-revoked");
        claimed(
                "use-under-a-withdrawn-policy",
                w -> {
                    Execution x = w.execution().authorise();
                    w.draft(
                                    w.administrator(),
                                    new RegistryFacts.Policy(
                                            w.starterArtefact(),
                                            "starter@v1",
                                            RegistryFacts.Publication.WITHDRAWN,
                                            RegistryFacts.Floors.NONE))
                            .admit();
                    return one(x.use());
                },
                "admitted");
        claimed(
                "use-after-the-session-was-revoked",
                w -> {
                    Execution x = w.execution().authorise();
                    w.revokes(w.administrator(), w.agent()).admit();
                    return one(x.use());
                },
                "refused:session-suspended");
        claimed(
                "use-at-another-point",
                w -> {
                    w.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
                    Party second = w.session("point-2", "point-2").admitAndJoin();
                    return List.of(moved(w, w.execution().authorise().use(), second));
                },
                "refused:use-point");
        claimed(
                "use-for-another-call",
                w -> one(w.execution().authorise().use().fact("call", Json.of(Hash.ZERO.hex()))),
                "refused:use-call");
        claimed(
                "use-of-a-ranged-identity-whose-proof-is-for-another-call",
                w -> one(w.execution().ranged(5, 60_000).authorise().use().fact("call", Json.of(Hash.ZERO.hex()))),
                "refused:use-proof");
        claimed(
                "use-with-another-nonce-than-was-proved",
                w -> one(w.execution().authorise().use().fact("nonce", Json.of("0".repeat(32)))),
                "refused:use-proof");
        claimed(
                "use-beyond-the-number-of-uses",
                w -> one(w.execution().ranged(5, 60_000).authorise().use().fact("ordinal", Json.of(6))),
                "refused:use-ordinal");
        claimed(
                "use-whose-ordinal-does-not-rise",
                w -> {
                    Execution x = w.execution().ranged(5, 60_000).authorise();
                    x.used();
                    return one(x.use().fact("ordinal", Json.of(1)));
                },
                "refused:use-ordinal");
        claimed(
                "a-refused-use-spends-its-ordinal",
                w -> {
                    Execution x = w.execution().ranged(1, 60_000).authorise();
                    Json unforeseen = JsonBuilder.object().put("eur", "1").build();
                    w.offer(x.use().fact("amounts", unforeseen).sign());
                    return one(x.use().fact("ordinal", Json.of(1)));
                },
                "refused:contract-spent");
        claimed(
                "use-with-a-total-that-nobody-granted",
                w -> one(w.execution()
                        .authorise()
                        .use()
                        .fact("amounts", JsonBuilder.object().put("money", "1").build())),
                "refused:use-total");
        claimed(
                "use-while-an-outcome-is-outstanding",
                w -> {
                    Execution x = write(w).ranged(5, 60_000).authorise();
                    x.use().admit();
                    return one(x.use());
                },
                "refused:outcome-outstanding");
        claimed(
                "use-of-nothing",
                w -> one(w.execution()
                        .authorise()
                        .use()
                        .references(References.of("identity", w.log().genesisId()))),
                "refused:reference-unknown");
        claimed(
                "thirty-third-open-use",
                w -> {
                    Execution x = w.execution().ranged(99, 60_000).authorise();
                    for (int i = 0; i < 32; i++) {
                        x.use().admit();
                    }
                    return one(x.use());
                },
                "refused:uses-open");
    }

    private void outcomes() {
        claimed(
                "outcome-of-a-suspended-session",
                w -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    w.revokes(w.administrator(), w.point()).admit();
                    return one(x.outcome(Result.SUCCESS));
                },
                "admitted:signer-suspended");
        claimed(
                "outcome-after-incomplete",
                w -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    w.tick(40_000);
                    w.incomplete(x.id(Kind.USE)).admit();
                    return one(x.outcome(Result.SUCCESS));
                },
                "admitted:late");
        claimed(
                "outcome-twice",
                w -> {
                    Execution x = w.execution().authorise();
                    x.used();
                    return one(x.outcome(Result.SUCCESS));
                },
                "admitted:repeated");
        claimed(
                "outcome-by-another-point",
                w -> {
                    w.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
                    Party second = w.session("point-2", "point-2").admitAndJoin();
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    return List.of(moved(w, x.outcome(Result.SUCCESS), second));
                },
                "admitted:foreign-point");
        claimed(
                "refusal-by-another-point",
                w -> {
                    w.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
                    Party second = w.session("point-2", "point-2").admitAndJoin();
                    return List.of(moved(w, w.execution().authorise().refusal("beyond-limits"), second));
                },
                "admitted:foreign-point");
        claimed(
                "violation-by-another-point",
                w -> {
                    w.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
                    Party second = w.session("point-2", "point-2").admitAndJoin();
                    return List.of(moved(w, w.execution().run().violation("path-moved"), second));
                },
                "admitted:foreign-point");
        claimed(
                "outcome-of-nothing",
                w -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    return one(x.outcome(Result.SUCCESS)
                            .references(References.of("use", w.log().genesisId())));
                },
                "admitted:reference-unknown");
    }

    private void endings() {
        claimed(
                "revocation-by-an-agent",
                w -> {
                    Execution x = w.execution().authorise();
                    return List.of(moved(
                            w, w.revokes(w.approver(), RegistryFacts.Target.CONTRACT, x.id(Kind.CONTRACT)), w.agent()));
                },
                "refused:role-forbidden");
        claimed(
                "revocation-of-nothing",
                w -> one(w.revokes(
                        w.approver(), RegistryFacts.Target.CONTRACT, w.log().genesisId())),
                "refused:target-unknown");
        claimed("expiry-of-nothing", w -> one(w.expiry(w.log().genesisId(), 0, 1)), "refused:reference-unknown");
        claimed("incomplete-of-nothing", w -> one(w.incomplete(w.log().genesisId())), "refused:reference-unknown");
        claimed(
                "incomplete-with-a-subject",
                w -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    w.tick(40_000);
                    return one(w.incomplete(x.id(Kind.USE)).subject(Hash.ZERO));
                },
                "refused:body-unwanted");
    }

    /** What the ledger writes of its own follows from what stands before it: it can be late, and never early, twice or otherwise. */
    private void ledgersOwn() {
        claimed("accept-incomplete", w -> one(w.incomplete(overdue(w).id(Kind.USE))), "admitted");
        claimed("accept-expiry", w -> one(w.expiry(ended(w).id(Kind.CONTRACT), 1, 5)), "admitted");
        claimed(
                "incomplete-before-the-deadline",
                w -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    return one(w.incomplete(x.id(Kind.USE)));
                },
                "refused:not-due");
        claimed(
                "incomplete-twice",
                w -> {
                    Execution x = overdue(w);
                    w.incomplete(x.id(Kind.USE)).admit();
                    return one(w.incomplete(x.id(Kind.USE)));
                },
                "refused:not-due");
        claimed(
                "incomplete-after-the-outcome",
                w -> {
                    Execution x = overdue(w);
                    x.outcome(Result.SUCCESS).admit();
                    return one(w.incomplete(x.id(Kind.USE)));
                },
                "refused:not-due");
        claimed(
                "expiry-before-the-end",
                w -> one(w.expiry(w.execution().authorise().id(Kind.CONTRACT), 0, 1)),
                "refused:not-due");
        claimed(
                "expiry-twice",
                w -> {
                    Execution x = ended(w);
                    w.expiry(x.id(Kind.CONTRACT), 1, 5).admit();
                    return one(w.expiry(x.id(Kind.CONTRACT), 1, 5));
                },
                "refused:not-due");
        claimed(
                "expiry-of-a-spent-contract",
                w -> {
                    Execution x = w.execution().run();
                    w.tick(61_000);
                    return one(w.expiry(x.id(Kind.CONTRACT), 1, 1));
                },
                "refused:not-due");
        claimed(
                "expiry-that-counts-other-uses",
                w -> one(w.expiry(ended(w).id(Kind.CONTRACT), 2, 5)),
                "refused:counts-differ");
        claimed(
                "expiry-of-another-number-of-uses",
                w -> one(w.expiry(ended(w).id(Kind.CONTRACT), 1, 6)),
                "refused:counts-differ");
        claimed(
                "conflict-with-a-record-that-does-not-stand-there",
                w -> {
                    Matter intent = w.execution().intent().admit();
                    Matter another = w.execution().intent().peek();
                    return one(w.draft(
                            w.ledger(),
                            new LedgerFacts.Conflict(
                                    w.agent().stream(),
                                    intent.record().header().sequence(),
                                    another.id(),
                                    w.log().genesisId())));
                },
                "refused:reference-mismatch");
        claimed(
                "conflict-of-a-record-with-itself",
                w -> {
                    Matter intent = w.execution().intent().admit();
                    return one(w.draft(
                            w.ledger(),
                            new LedgerFacts.Conflict(
                                    w.agent().stream(),
                                    intent.record().header().sequence(),
                                    intent.id(),
                                    intent.id())));
                },
                "refused:reference-mismatch");
        claimed(
                "refused-although-admitted",
                w -> one(refused(w, w.execution().intent().admit(), Optional.empty())),
                "refused:reference-mismatch");
        claimed(
                "refused-at-the-number-of-another",
                w -> {
                    Matter never = w.observation(w.point(), "tools/list").peek();
                    w.observation(w.point(), "prompts/list").admit();
                    return one(refused(w, never, Optional.empty()));
                },
                "refused:reference-mismatch");
        claimed(
                "refused-use-that-spends-at-another-point",
                w -> {
                    Execution x = w.execution().authorise();
                    Matter intent = w.execution().intent().peek();
                    return one(refused(w, intent, Optional.of(x.id(Kind.IDENTITY))));
                },
                "refused:reference-mismatch");
    }

    private void folds() {
        claimed("accept-fold", w -> one(w.fold("seen-too-old", intents(w, 3))), "admitted");
        claimed(
                "accept-what-follows-a-fold",
                w -> {
                    w.fold("seen-too-old", intents(w, 3)).admit();
                    return List.of(w.execution().intent().sign());
                },
                "admitted");
        claimed(
                "present-after-a-fold",
                w -> {
                    Matter[] intents = intents(w, 3);
                    w.fold("seen-too-old", intents).admit();
                    return List.of(intents[2]);
                },
                "present:refused");
        claimed(
                "known-to-a-fold-by-its-number-alone",
                w -> {
                    Matter[] intents = intents(w, 3);
                    w.fold("seen-too-old", intents).admit();
                    return List.of(intents[1]);
                },
                "pushed-back:sequence-gap");
        claimed(
                "what-follows-more-than-the-fold-tells-of",
                w -> {
                    Matter[] intents = intents(w, 3);
                    w.fold("seen-too-old", intents[0], intents[1]).admit();
                    return List.of(w.execution().intent().sign());
                },
                "pushed-back:sequence-gap");
        claimed(
                "fold-over-an-admitted-record",
                w -> {
                    Matter admitted = w.execution().intent().admit();
                    Matter[] intents = intents(w, 2);
                    return one(w.fold("seen-too-old", admitted, intents[0], intents[1]));
                },
                "refused:reference-mismatch");
        claimed(
                "fold-that-ends-on-an-admitted-record",
                w -> {
                    Matter stale = w.execution()
                            .intent()
                            .seen(new RecordId(Hash.of(new byte[1])))
                            .sign();
                    w.offer(stale);
                    return one(
                            w.fold("seen-unknown", stale, w.execution().intent().admit()));
                },
                "refused:reference-mismatch");
    }

    private static Matter[] intents(World w, int count) {
        Matter[] intents = new Matter[count];
        for (int i = 0; i < count; i++) {
            intents[i] = w.execution().intent().sign();
        }
        return intents;
    }

    private static Execution overdue(World w) {
        Execution x = w.execution().authorise();
        x.use().admit();
        w.tick(40_000);
        return x;
    }

    /** A contract of five uses, one of them made, whose window is over. */
    private static Execution ended(World w) {
        Execution x = w.execution().ranged(5, 60_000).authorise();
        x.used();
        w.tick(61_000);
        return x;
    }

    private static Draft refused(World w, Matter matter, Optional<RecordId> identity) {
        Header h = matter.record().header();
        LedgerFacts.RefusedRecord entry = new LedgerFacts.RefusedRecord(
                h.stream(), h.sequence(), matter.id(), "seen-too-old", identity, identity.map(i -> 1L));
        return w.draft(w.ledger(), new LedgerFacts.Refused(List.of(entry)));
    }
}
