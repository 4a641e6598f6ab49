package dev.jurat.testkit.vectors;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.contract.Launch;
import dev.jurat.proof.crypto.Dsse;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.PrincipalFacts.KeptIn;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Policy;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.NewLog;
import dev.jurat.testkit.OperationDrafts;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The cases of {@code vectors/record/v1}: leaves, with the body where the case has one. */
final class RecordCases {
    /** A leaf, perhaps a body, and {@code accept} or the code that refuses it. */
    record RecordCase(String name, byte[] leaf, Optional<byte[]> body, String expect) {}

    private static final byte[] SIGNATURE = new byte[64];

    private final List<RecordCase> cases = new ArrayList<>();
    private final Map<Kind, Matter> sound = new EnumMap<>(Kind.class);

    private RecordCases() {}

    static List<RecordCase> all() {
        RecordCases all = new RecordCases();
        all.collect();
        all.sound.forEach((kind, matter) -> all.cases.add(new RecordCase(
                "accept-" + kind.wire(), matter.record().leaf(), matter.body().map(Body::bytes), "accept")));
        all.launched();
        all.successions();
        all.particulars();
        all.operations();
        all.onP256();
        all.framing();
        all.json();
        all.envelope();
        all.header();
        all.facts();
        all.bodies();
        return List.copyOf(all.cases);
    }

    /** One sound record of every kind. */
    private void collect() {
        World w = World.claimed();
        w.log()
                .leaves()
                .forEach(r ->
                        keep(new Matter(r, Optional.ofNullable(w.log().bodies().get(r.id())))));
        Execution x = w.execution().anySession().ask(1);
        keep(x.approval(w.approver()).admit());
        w.admit(
                x.decisionAfterApproval().sign(),
                x.contract().sign(),
                x.identity().sign());
        keep(x.use().admit());
        keep(x.outcome(ExecutionFacts.Result.SUCCESS).admit());
        keep(x.refusal("beyond-contract").admit());
        keep(x.violation("link-moved").admit());
        keep(w.observation(w.point(), "tools/list").admit());
        w.offer(x.use().sign());
        keep(w.revokes(w.approver(), RegistryFacts.Target.CONTRACT, x.id(Kind.CONTRACT))
                .admit());
        keep(new Successions(w)
                .compromised(w.administrator(), "point", SignerType.SERVICE, "point")
                .peek());
        Matter hold =
                w.holds(w.administrator(), x.id(Kind.INTENT), x.id(Kind.USE)).admit();
        keep(hold);
        keep(w.erases(w.administrator(), x.id(Kind.CONTEXT), x.id(Kind.CONTRACT))
                .admit());
        Execution late = w.execution().authorise();
        late.use().admit();
        w.tick(40_000);
        keep(w.incomplete(late.id(Kind.USE)).admit());
        Execution unused = w.execution().authorise();
        w.tick(1);
        keep(w.expiry(unused.id(Kind.CONTRACT), 0, 1).peek());
        Matter first = w.execution().intent().peek();
        Matter second = w.execution()
                .intent()
                .sequence(first.record().header().sequence() + 1)
                .previous(first.id())
                .peek();
        keep(w.fold("seen-too-old", first, second).peek());
        keep(w.state().peek());
        keep(w.sessionEnd(w.agent()).admit());
        w.log()
                .leaves()
                .forEach(r ->
                        keep(new Matter(r, Optional.ofNullable(w.log().bodies().get(r.id())))));
    }

    /** Who says how the server was started, and a context that has it. */
    private void launched() {
        World w = World.claimed();
        Launch launch = Launch.of(
                List.of("my-db-server", "--db", "test.sqlite"),
                "/srv",
                "/usr/bin/my-db-server",
                Map.of("DB_PASSWORD", "db"),
                World.key("point"));
        World.Entrance point = w.session("point", "point-launches");
        point.draft()
                .body(b -> b.with(
                                "server",
                                new Json.Arr(launch.command().stream()
                                        .<Json>map(Json::of)
                                        .toList()))
                        .with("launch", launch.toJson()));
        accept("session-with-launch", point.draft().admit());
        Execution x = w.execution(w.agent(), point.party()).launched(launch.digest());
        x.intent().admit();
        accept("context-with-launch", x.context().admit());
    }

    /** Both ways to a next key, and a report with a boundary. */
    private void successions() {
        World w = World.claimed();
        Successions s = new Successions(w);
        Party second = s.secondAdministrator();
        accept(
                "key-rotates",
                s.rotates("agent", SignerType.AGENT, "agent", "agent-next")
                        .draft()
                        .admit());
        accept(
                "key-recovers",
                s.recovers("agent", SignerType.AGENT, "agent-next", "agent-third", w.administrator(), second)
                        .draft()
                        .admit());
        Matter boundary = s.compromised(w.administrator(), second, "agent", SignerType.AGENT, "agent", 9)
                .admit();
        accept("compromise-with-a-boundary", boundary);
        Policy policy = new Policy(
                w.starterArtefact(),
                "starter@v1",
                RegistryFacts.Publication.DEFAULT,
                RegistryFacts.Floors.NONE,
                Optional.of(second.principal()));
        accept(
                "policy-by-two",
                w.draft(w.administrator(), policy)
                        .signedBy(w.administrator().key(), second.key())
                        .admit());
        Matter suspension = w.changes(
                        w.administrator(), "agent", SignerType.AGENT, RegistryFacts.KeyAction.SUSPEND, Role.AGENT)
                .peek();
        refused(
                "key-suspends-with-a-second",
                "member-unknown",
                leaf(
                        CanonicalJson.write(at(
                                payload(suspension),
                                List.of("predicate", "facts"),
                                facts -> facts.with("with", Json.of(second.principal())))),
                        SIGNATURE,
                        SIGNATURE));
        accept(
                "compromise-of-a-key-that-administered",
                s.compromised(second, "administrator", SignerType.HUMAN, "administrator")
                        .body(body ->
                                at(body, List.of("touched"), touched -> new Json.Obj(administered(touched, boundary))))
                        .peek());
        refused(
                "compromise-with-a-boundary-by-one",
                "four-eyes",
                leaf(CanonicalJson.write(without(payload(boundary), "with")), SIGNATURE, SIGNATURE));
        refused(
                "compromise-with-a-second-and-no-boundary",
                "four-eyes",
                leaf(CanonicalJson.write(without(payload(boundary), "since")), SIGNATURE, SIGNATURE));
    }

    /** What an administrator says of a principal. */
    private void particulars() {
        try {
            said();
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private void said() throws FormatException {
        World w = World.onP256();
        PrincipalDrafts d = new PrincipalDrafts(w);
        String agent = World.principal("agent", SignerType.AGENT);
        VerifyKey key = World.p256Key("agent").verifyKey();
        Party by = w.administrator();
        accept(
                "key-describes",
                d.describes(by, agent, "production", Optional.of(by.principal()))
                        .admit());
        accept(
                "key-is-said-to-be-kept",
                d.states(by, agent, key.text(), KeptIn.PKCS11).admit());
        TpmEvidence evidence =
                TpmForgery.certificate("attestation key", key, PrincipalDetails.Custody.challenge(agent, key.text()));
        Matter certified = d.certifies(by, agent, key.text(), evidence.attestationKeyName(), evidence.bytes())
                .admit();
        accept("key-is-certified", certified);
        refused(
                "key-certified-in-a-token",
                "member-unknown",
                leaf(
                        CanonicalJson.write(at(
                                payload(certified),
                                List.of("predicate", "facts"),
                                facts -> facts.with("custody", Json.of("pkcs11")))),
                        SIGNATURE));
        refused(
                "key-certified-by-no-name",
                "digest-syntax",
                leaf(
                        CanonicalJson.write(at(
                                payload(certified),
                                List.of("predicate", "facts"),
                                facts -> facts.with("attestationKey", Json.of("000b")))),
                        SIGNATURE));
        OutsideName workload = OutsideName.spiffe("spiffe://example.org/agents/mail");
        accept("key-binds-a-workload", d.binds(by, agent, workload, true).admit());
        accept("key-unbinds-a-workload", d.binds(by, agent, workload, false).admit());
        accept(
                "key-binds-a-subject",
                d.binds(by, by.principal(), OutsideName.oidc("https://id.example.org", "24400320"), true)
                        .admit());
        accept("key-retires", d.retires(by, agent).admit());
    }

    /** What people carry out of a node, how they have it set up, and who reads and audits. */
    private void operations() {
        World w = World.claimed();
        OperationDrafts d = new OperationDrafts(w);
        Party by = w.administrator();
        Matter export = d.exports(by, OperationFacts.Export.all()).admit();
        accept("export", export);
        accept(
                "export-of-a-session",
                d.exports(by, OperationFacts.Export.session(w.agent().stream())).admit());
        accept(
                "export-of-an-action",
                d.exports(by, OperationFacts.Export.action(w.policy())).admit());
        accept("configuration", d.configures(by).admit());
        accept(
                "key-enrols-an-auditor",
                w.enrol("person", SignerType.HUMAN, Role.AUDITOR, Role.READER)
                        .draft()
                        .admit());
        accept(
                "key-binds-a-user",
                new PrincipalDrafts(w)
                        .binds(by, by.principal(), OperationCases.user("ann"), true)
                        .admit());
        factsOf("export-of-a-part", "value-unknown", export, facts -> facts.with("extent", Json.of("half")));
        factsOf(
                "export-of-a-session-without-one",
                "member-missing",
                export,
                facts -> facts.with("extent", Json.of("session")));
        factsOf(
                "export-of-everything-and-an-action",
                "member-unknown",
                export,
                facts -> facts.with("record", Json.of(w.policy().hex())));
    }

    private void factsOf(String name, String code, Matter sound, UnaryOperator<Json.Obj> change) {
        Json.Obj payload = at(payload(sound), List.of("predicate", "facts"), change);
        refused(name, code, leaf(CanonicalJson.write(payload), SIGNATURE));
    }

    private static TreeMap<String, Json> administered(Json.Obj touched, Matter record) {
        TreeMap<String, Json> members = new TreeMap<>(touched.members());
        members.put("administered", new Json.Arr(List.of(Json.of(record.id().hex()))));
        return members;
    }

    private static Json.Obj without(Json.Obj payload, String fact) {
        return at(payload, List.of("predicate", "facts"), facts -> facts.without(fact));
    }

    /** Records that a P-256 key signed, alone or beside another, and the genesis that lets them in. */
    private void onP256() {
        World w = World.onP256();
        accept("genesis-on-p256", new Matter(w.log().leaves().getFirst(), Optional.empty()));
        accept("genesis-with-a-predecessor", new Matter(successor(), Optional.empty()));
        accept("key-on-p256", w.enrol("b", SignerType.AGENT, Role.AGENT).draft().admit());
        accept("session-of-an-agent-on-p256", w.session("b", "b-1").draft().admit());
        Execution x = w.execution().anySession().ask(1);
        Matter approval = x.approval(w.approver()).admit();
        accept("approval-on-p256", approval);
        byte[] payload = approval.record().payload();
        byte[] signature = approval.record().signatures().getFirst();
        refused("signature-on-p256-of-63-bytes", "signature-length", leaf(payload, Arrays.copyOf(signature, 63)));
        refused("signature-on-p256-in-der", "signature-length", leaf(payload, der(signature)));
    }

    private static SignedRecord successor() {
        World old = World.claimed();
        return new NewLog(
                        "new",
                        NewLog.cite(old, old.checkpoint()),
                        NewLog.Person.of("administrator", Role.ADMINISTRATOR))
                .genesis();
    }

    private static byte[] der(byte[] signature) {
        byte[] r = new BigInteger(1, signature, 0, 32).toByteArray();
        byte[] s = new BigInteger(1, signature, 32, 32).toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x30, (byte) (4 + r.length + s.length), 2, (byte) r.length});
        out.writeBytes(r);
        out.writeBytes(new byte[] {2, (byte) s.length});
        out.writeBytes(s);
        return out.toByteArray();
    }

    private void accept(String name, Matter matter) {
        cases.add(new RecordCase(
                "accept-" + name, matter.record().leaf(), matter.body().map(Body::bytes), "accept"));
    }

    private void keep(Matter matter) {
        sound.putIfAbsent(matter.record().kind(), matter);
    }

    private Matter of(Kind kind) {
        return Objects.requireNonNull(sound.get(kind));
    }

    // ---- building leaves

    private static byte[] leaf(byte[] payload, byte[]... signatures) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Dsse.pae(Statement.PAYLOAD_TYPE, payload));
        for (byte[] signature : signatures) {
            out.write(signature.length >> 8);
            out.write(signature.length);
            out.writeBytes(signature);
        }
        return out.toByteArray();
    }

    private void refused(String name, String code, byte[] leaf) {
        cases.add(new RecordCase(name, leaf, Optional.empty(), code));
    }

    private void payload(String name, String code, String payload) {
        refused(name, code, leaf(payload.getBytes(StandardCharsets.UTF_8), SIGNATURE));
    }

    private static Json.Obj payload(Matter matter) {
        try {
            return CanonicalJson.readObject(matter.record().payload());
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes the object at a path of member names. */
    private static Json.Obj at(Json.Obj object, List<String> path, UnaryOperator<Json.Obj> change) {
        if (path.isEmpty()) {
            return change.apply(object);
        }
        Json.Obj inner = (Json.Obj) Objects.requireNonNull(object.members().get(path.getFirst()));
        return object.with(path.getFirst(), at(inner, path.subList(1, path.size()), change));
    }

    private void changed(String name, String code, Kind kind, String path, UnaryOperator<Json.Obj> change) {
        List<String> names = path.isEmpty() ? List.of() : Arrays.asList(path.split("\\."));
        byte[] payload = CanonicalJson.write(at(payload(of(kind)), names, change));
        int signatures = of(kind).record().signatures().size();
        refused(
                name,
                code,
                leaf(payload, Collections.nCopies(signatures, SIGNATURE).toArray(byte[][]::new)));
    }

    private void set(String name, String code, Kind kind, String path, String member, Json value) {
        changed(name, code, kind, path, o -> o.with(member, value));
    }

    // ---- §3

    private void framing() {
        byte[] good = of(Kind.INTENT).record().leaf();
        byte[] payload = of(Kind.INTENT).record().payload();
        refused("empty", "leaf-syntax", new byte[0]);
        refused("no-pre-authentication", "leaf-syntax", payload);
        refused("cut-in-a-signature", "leaf-syntax", Arrays.copyOf(good, good.length - 1));
        refused("cut-before-a-signatures-length", "leaf-syntax", Arrays.copyOf(good, good.length - 65));
        refused("a-byte-after-the-signature", "leaf-syntax", Arrays.copyOf(good, good.length + 1));
        refused("payload-longer-than-the-leaf", "leaf-syntax", replaced(good, " " + payload.length + " ", " 4000 "));
        refused(
                "payload-length-with-a-zero-before-it",
                "leaf-syntax",
                replaced(good, " " + payload.length + " ", " 0" + payload.length + " "));
        refused(
                "another-payload-type",
                "leaf-syntax",
                replaced(good, "application/vnd.in-toto+json", "application/vnd.in-toto+jsom"));
        refused("no-signature", "signature-count", leaf(payload));
        refused("signature-of-63-bytes", "signature-length", leaf(payload, new byte[63]));
        refused("signature-of-no-bytes", "signature-length", leaf(payload, new byte[0]));
        refused(
                "seventeen-signatures",
                "signature-count",
                leaf(payload, Collections.nCopies(17, SIGNATURE).toArray(byte[][]::new)));
        refused("leaf-of-4097-bytes", "leaf-large", Arrays.copyOf(good, 4097));
    }

    private static byte[] replaced(byte[] leaf, String from, String to) {
        String text = new String(leaf, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(from);
        return (text.substring(0, at) + to + text.substring(at + from.length())).getBytes(StandardCharsets.ISO_8859_1);
    }

    // ---- §2

    private void json() {
        String good = new String(of(Kind.INTENT).record().payload(), StandardCharsets.UTF_8);
        payload("white-space", "json-not-canonical", good.replace("\"header\":", "\"header\": "));
        payload("members-in-another-order", "json-not-canonical", "{\"predicate\":0,\"_type\":0}");
        payload("escaped-letter", "json-not-canonical", good.replace("\"kind\"", "\"\\u006bind\""));
        payload("duplicate-member", "json-duplicate-key", good.replace("\"kind\":", "\"kind\":\"intent\",\"kind\":"));
        payload("fraction", "json-number", good.replaceFirst("\"sequence\":[0-9]+", "\"sequence\":1.0"));
        payload("exponent", "json-number", good.replaceFirst("\"sequence\":[0-9]+", "\"sequence\":1e0"));
        payload(
                "beyond-2-53",
                "json-number",
                good.replaceFirst("\"sequence\":[0-9]+", "\"sequence\":9007199254740992"));
        payload("lone-surrogate", "json-surrogate", good.replace("\"derived\"", "\"\\ud800\""));
        payload("not-json", "json-syntax", "intent");
        payload("array", "json-not-object", "[]");
        payload("two-values", "json-syntax", good + good);
        payload("deep", "json-depth", "{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}");
        byte[] bytes = of(Kind.INTENT).record().payload();
        bytes[bytes.length / 2] = (byte) 0xff;
        refused("not-utf-8", "json-utf8", leaf(bytes, SIGNATURE));
    }

    private void envelope() {
        set(
                "another-statement-type",
                "statement-type",
                Kind.INTENT,
                "",
                "_type",
                Json.of("https://in-toto.io/Statement/v0.1"));
        set(
                "another-predicate-type",
                "predicate-type",
                Kind.INTENT,
                "",
                "predicateType",
                Json.of("https://jurat.dev/record/v2"));
        set("member-beside-the-subject", "member-unknown", Kind.INTENT, "", "note", Json.of("x"));
        set("member-beside-the-facts", "member-unknown", Kind.INTENT, "predicate", "note", Json.of("x"));
        set("no-subject", "subject-count", Kind.INTENT, "", "subject", new Json.Arr(List.of()));
        changed("two-subjects", "subject-count", Kind.INTENT, "", o -> {
            Json.Arr one = (Json.Arr) Objects.requireNonNull(o.members().get("subject"));
            return o.with(
                    "subject",
                    new Json.Arr(List.of(one.items().getFirst(), one.items().getFirst())));
        });
        changed(
                "subject-of-a-kind-without-a-body-named-body",
                "subject-name",
                Kind.CLOCK,
                "",
                o -> subject(o, "name", Json.of("body")));
        changed(
                "subject-of-a-kind-with-a-body-named-genesis",
                "subject-name",
                Kind.INTENT,
                "",
                o -> subject(o, "name", Json.of("genesis")));
        changed("subject-with-two-digests", "member-unknown", Kind.INTENT, "", o -> subject(o, "uri", Json.of("x")));
    }

    private static Json.Obj subject(Json.Obj statement, String member, Json value) {
        Json.Arr one = (Json.Arr) Objects.requireNonNull(statement.members().get("subject"));
        Json.Obj subject = (Json.Obj) one.items().getFirst();
        return statement.with("subject", new Json.Arr(List.of(subject.with(member, value))));
    }

    private void header() {
        String header = "predicate.header";
        set("unknown-kind", "value-unknown", Kind.INTENT, header, "kind", Json.of("wish"));
        set("kind-in-capitals", "value-unknown", Kind.INTENT, header, "kind", Json.of("INTENT"));
        set("unknown-signer", "value-unknown", Kind.INTENT, header, "signer", Json.of("robot"));
        set("unknown-suite", "suite-unknown", Kind.INTENT, header, "suite", Json.of("ed25519-2025"));
        set("suite-known-by-name-alone", "suite-unavailable", Kind.INTENT, header, "suite", Json.of("webauthn-2026"));
        set("negative-number", "member-range", Kind.INTENT, header, "sequence", Json.of(-1));
        set("number-as-text", "member-type", Kind.INTENT, header, "sequence", Json.of("4"));
        set(
                "principal-without-a-namespace",
                "principal-syntax",
                Kind.INTENT,
                header,
                "principal",
                Json.of("a".repeat(26)));
        set("principal-with-a-name", "principal-syntax", Kind.INTENT, header, "principal", Json.of("default/alice"));
        set("session-in-capitals", "session-syntax", Kind.INTENT, header, "session", Json.of("A".repeat(26)));
        set("previous-in-capitals", "record-id", Kind.INTENT, header, "previous", Json.of("A".repeat(64)));
        set("seen-too-short", "record-id", Kind.INTENT, header, "seen", Json.of("00"));
        changed("no-seen", "member-missing", Kind.INTENT, header, o -> o.without("seen"));
        set("member-in-the-header", "member-unknown", Kind.INTENT, header, "time", Json.of(1));
        set(
                "reference-that-the-kind-does-not-have",
                "member-unknown",
                Kind.INTENT,
                header + ".references",
                "decision",
                Json.of("0".repeat(64)));
        changed(
                "reference-missing",
                "member-missing",
                Kind.CONTRACT,
                header + ".references",
                o -> o.without("decision"));
        set(
                "empty-list-of-approvals",
                "reference-empty",
                Kind.DECISION,
                header + ".references",
                "approvals",
                new Json.Arr(List.of()));
        set(
                "approvals-out-of-order",
                "order",
                Kind.DECISION,
                header + ".references",
                "approvals",
                new Json.Arr(List.of(Json.of("1".repeat(64)), Json.of("0".repeat(64)))));
        set("kind-of-other-facts", "member-missing", Kind.INTENT, header, "kind", Json.of("clock"));
    }

    private void facts() {
        String facts = "predicate.facts";
        set("fact-that-nobody-knows", "member-unknown", Kind.INTENT, facts, "because", Json.of("please"));
        changed("fact-left-out", "member-missing", Kind.INTENT, facts, o -> o.without("point"));
        set("unknown-origin", "value-unknown", Kind.INTENT, facts, "origin", Json.of("guessed"));
        set("call-that-is-no-digest", "digest-syntax", Kind.INTENT, facts, "call", Json.of("cafe"));
        set("tool-name-with-a-space", "contract-tool", Kind.INTENT, facts + ".tool", "name", Json.of("rm -rf"));
        set("tool-with-an-unknown-effect", "contract-effect", Kind.INTENT, facts + ".tool", "effect", Json.of("magic"));
        set("launch-that-is-no-digest", "digest-syntax", Kind.CONTEXT, facts, "launch", Json.of("my-db-server"));
        set("launch-in-capitals", "digest-syntax", Kind.CONTEXT, facts, "launch", Json.of("A".repeat(64)));
        set("launch-that-is-no-text", "member-type", Kind.CONTEXT, facts, "launch", Json.of(1));
        set("reason-in-free-text", "word-syntax", Kind.DECISION, facts, "reason", Json.of("Because I said so"));
        set("denial-with-a-grant", "grant-presence", Kind.DECISION, facts, "outcome", Json.of("deny"));
        changed("allowance-without-a-grant", "grant-presence", Kind.DECISION, facts, o -> o.without("grant"));
        set(
                "grant-with-an-unknown-finality",
                "contract-finality",
                Kind.CONTRACT,
                facts + ".grant",
                "finality",
                Json.of("witnessed"));
        set("grant-of-no-uses", "contract-grant", Kind.CONTRACT, facts + ".grant", "uses", Json.of(0));
        set("grant-with-a-further-member", "member-unknown", Kind.CONTRACT, facts + ".grant", "also", Json.of("this"));
        set("nonce-too-short", "nonce-syntax", Kind.USE, facts, "nonce", Json.of("00"));
        set("proof-that-is-no-signature", "base64-syntax", Kind.USE, facts, "proof", Json.of("AAAA"));
        set("ordinal-zero", "member-range", Kind.USE, facts, "ordinal", Json.of(0));
        set(
                "negative-amount",
                "amount-syntax",
                Kind.USE,
                facts,
                "amounts",
                Json.Obj.of(Map.of("money", Json.of("-1"))));
        amount("amount-with-a-zero-at-its-end", "1.50");
        amount("amount-of-zero-with-a-fraction", "0.0");
        amount("amount-of-minus-zero", "-0");
        amount("amount-with-a-zero-before-it", "01");
        amount("amount-of-nineteen-digits", "1000000000000000000");
        amount("amount-with-nineteen-places", "0.0000000000000000001");
        amount("amount-with-an-exponent", "1e3");
        set("amount-of-no-word", "word-syntax", Kind.USE, facts, "amounts", Json.Obj.of(Map.of("US $", Json.of("1"))));
        set("going-out-after-no-time", "member-range", Kind.USE, facts, "goByMillis", Json.of(0));
        set("going-out-after-too-long", "member-range", Kind.USE, facts, "goByMillis", Json.of(600_001));
        set("outcome-after-too-long", "member-range", Kind.USE, facts, "outcomeByMillis", Json.of(86_400_001));
        set(
                "amount-as-a-number",
                "amount-syntax",
                Kind.USE,
                facts,
                "amounts",
                Json.Obj.of(Map.of("money", Json.of(1))));
        set("unknown-result", "value-unknown", Kind.OUTCOME, facts, "result", Json.of("fine"));
        set("key-that-is-not-base64", "base64-syntax", Kind.SESSION, facts, "key", Json.of("***"));
        set("unknown-isolation", "value-unknown", Kind.SESSION, facts, "isolation", Json.of("perfect"));
        set("node-neither-claimed-nor-unclaimed", "value-unknown", Kind.SESSION, facts, "node", Json.of("maybe"));
        set("administrator-where-nobody-enrols", "member-unknown", Kind.KEY, facts, "enrolled", Json.of("self"));
        set("unknown-role", "value-unknown", Kind.KEY, facts, "roles", new Json.Arr(List.of(Json.of("root"))));
        set(
                "revocation-of-two-things",
                "member-unknown",
                Kind.REVOCATION,
                facts,
                "principal",
                Json.of("default/" + "a".repeat(26)));
        set("state-of-a-size-below-0", "member-range", Kind.STATE, facts, "size", Json.of(-1));
        set("state-whose-root-is-no-digest", "digest-syntax", Kind.STATE, facts, "root", Json.of("00"));
        set("fold-of-nothing", "fold-range", Kind.REFUSED_FOLD, facts, "last", Json.of(0));
        set("fold-of-too-many", "fold-range", Kind.REFUSED_FOLD, facts, "last", Json.of(1L << 40));
        set("erasure-of-nothing", "records-empty", Kind.ERASURE, facts, "records", new Json.Arr(List.of()));
        set("erasure-on-no-ground", "value-unknown", Kind.ERASURE, facts, "ground", Json.of("because"));
        set("erasure-in-words", "member-unknown", Kind.ERASURE, facts, "reason", Json.of("asked by Jane"));
        changed("erasure-out-of-order", "order", Kind.ERASURE, facts, o -> reversed(o, "records"));
        changed("hold-out-of-order", "order", Kind.HOLD, facts, o -> reversed(o, "records"));
        set("hold-of-nothing", "records-empty", Kind.HOLD, facts, "records", new Json.Arr(List.of()));
        set("hold-of-records-and-everything", "member-unknown", Kind.HOLD, facts, "scope", Json.of("everything"));
        set(
                "hold-of-records-and-a-principal",
                "member-unknown",
                Kind.HOLD,
                facts,
                "principal",
                Json.of("default/" + "a".repeat(26)));
        set("hold-neither-placed-nor-lifted", "value-unknown", Kind.HOLD, facts, "action", Json.of("move"));
        set("lift-that-names-records", "member-unknown", Kind.HOLD, facts, "action", Json.of("lift"));
        set("refused-nothing", "records-empty", Kind.REFUSED, facts, "records", new Json.Arr(List.of()));
        set("genesis-of-another-version", "spec-unknown", Kind.GENESIS, facts, "spec", Json.of("jurat/v2"));
        set(
                "genesis-with-a-predecessor-that-is-no-digest",
                "digest-syntax",
                Kind.GENESIS,
                facts,
                "predecessor",
                Json.of("the old log"));
        set("genesis-of-rules-to-come", "member-range", Kind.GENESIS, facts, "rules", Json.of(2));
        set("floor-beyond-what-a-policy-counts", "member-range", Kind.POLICY, facts + ".floors", "write", Json.of(10));
        set("approvals-beyond-what-a-policy-counts", "member-range", Kind.DECISION, facts, "wanted", Json.of(10));
        set("negative-floor", "member-range", Kind.POLICY, facts + ".floors", "read", Json.of(-1));
    }

    private static Json.Obj reversed(Json.Obj facts, String member) {
        Json.Arr list = (Json.Arr) Objects.requireNonNull(facts.members().get(member));
        return facts.with(member, new Json.Arr(list.items().reversed()));
    }

    private void amount(String name, String amount) {
        set(
                name,
                "amount-syntax",
                Kind.USE,
                "predicate.facts",
                "amounts",
                Json.Obj.of(Map.of("money", Json.of(amount))));
    }

    private void bodies() {
        Matter intent = of(Kind.INTENT);
        byte[] body = intent.body().orElseThrow().bytes();
        byte[] other = body.clone();
        other[3] ^= 1;
        cases.add(
                new RecordCase("body-with-another-salt", intent.record().leaf(), Optional.of(other), "body-mismatch"));
        cases.add(new RecordCase(
                "body-of-another-record",
                intent.record().leaf(),
                of(Kind.USE).body().map(Body::bytes),
                "body-mismatch"));
        cases.add(new RecordCase(
                "body-without-content", intent.record().leaf(), Optional.of(new byte[17]), "body-short"));
        World w = World.claimed();
        Matter foreign = w.execution().intent().body(b -> b).header(h -> h).peek();
        Body theirs = foreign.body().orElseThrow();
        Body moved = Body.of(
                theirs.salt(),
                foreign.record().header().stream(),
                99,
                theirs.content().without("stream").without("sequence"));
        Matter lying = w.execution().intent().subject(moved.digest()).peek();
        cases.add(new RecordCase(
                "body-made-for-another-number", lying.record().leaf(), Optional.of(moved.bytes()), "body-foreign"));
    }
}
