package dev.jurat.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.Entry;
import dev.jurat.governance.PendingCall;
import dev.jurat.governance.Publisher;
import dev.jurat.governance.policy.DeclaredArguments;
import dev.jurat.governance.policy.DeclaredArguments.Type;
import dev.jurat.governance.policy.Floors;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of which some arguments stand as digests, because the profile keeps them secret. */
class SecretArgumentsTest {
    private static final String SMALL = "{\"amount\":5,\"path\":\"/srv/data/a\",\"token\":\"hunter2\"}";
    private static final String LARGE = "{\"amount\":500,\"path\":\"/srv/data/a\",\"token\":\"hunter2\"}";
    private static final List<String> TOKEN = List.of("token");

    @TempDir
    Path folder;

    private static final PolicyArtefact CAREFUL = policy(Map.of("amount", Type.INTEGER));
    private static final PolicyArtefact CURIOUS = policy(Map.of("amount", Type.INTEGER, "token", Type.STRING));

    private static PolicyArtefact policy(Map<String, Type> declared) {
        String text = "@id(\"inside\") permit (principal, action, resource) when { resource.inside };\n"
                + "@id(\"much\") forbid (principal, action, resource)"
                + " when { context.arguments has amount && context.arguments.amount > 100 };";
        return new PolicyArtefact("careful@v1", "cedar", new DeclaredArguments(declared), text, new Floors(0, 0, 0, 0));
    }

    private static ToolProfile profile() throws Exception {
        String json = """
                {"name":"till@1","roots":{"from":"none"},"server":{"name":"till","source":"npm:till@1","version":"1"},\
                "tools":{"charge":{"arguments":{"properties":{"amount":{"type":"integer"},"path":{"type":"string"},\
                "token":{"type":"string"}},"required":["path","token"],"type":"object"},\
                "definitions":["d8f2c4de2298b2ed66bde1294b81411cabfa244350793a1987d817093747956b"],"effect":"write",\
                "idempotent":true,"resources":[{"argument":"path","each":false,"reach":"itself","type":"path"}],\
                "result":"digest","secret":["token"]}},"type":"https://jurat.dev/profile/v1"}""";
        return ToolProfile.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Caller caller(Node node) throws Exception {
        return caller(node, Signer.person(node, "operator"));
    }

    private static Caller caller(Node node, Signer operator) throws Exception {
        ToolProfile profile = profile();
        Entry entry = operator.signBare(Publisher.facts(profile, RegistryFacts.Publication.AVAILABLE));
        assertEquals(
                Optional.empty(),
                node.door.append(List.of(entry), List.of(profile.bytes())).firstBroken());
        operator.keep(entry);
        Caller.enrolled(node);
        return Caller.session(node, "till", profile);
    }

    @Test
    void aRuleOnAPublicArgumentIsBlindWhereAnotherIsSecret() throws Exception {
        try (Node node = new Node(folder, true, CAREFUL)) {
            Caller caller = caller(node);
            TokenAnswer small = caller.ask(caller.redacted("charge", SMALL, TOKEN));
            assertEquals(200, small.status(), small.toString());
            TokenAnswer large = caller.ask(caller.redacted("charge", LARGE, TOKEN));
            assertTrue(CanonicalJson.writeString(large.body()).contains("\"forbidden\""), large.toString());
            assertEquals("{\"amount\":500}", seen(node, large));
        }
    }

    @Test
    void aSecretArgumentIsShownOrMissed() throws Exception {
        try (Node node = new Node(folder, true, CURIOUS)) {
            Caller caller = caller(node);
            TokenAnswer answer = caller.ask(caller.redacted("charge", SMALL, TOKEN));
            assertTrue(CanonicalJson.writeString(answer.body()).contains("\"argument-secret\""), answer.toString());
            assertEquals("{\"amount\":5,\"token\":null}", seen(node, answer));
        }
    }

    @Test
    void anArgumentIsHiddenThatTheProfileDoesNotMark() throws Exception {
        try (Node node = new Node(folder, true, CAREFUL)) {
            Caller caller = caller(node);
            for (List<String> hidden : List.of(List.of("amount"), List.of("amount", "token"))) {
                TokenAnswer answer = caller.ask(caller.redacted("charge", LARGE, hidden));
                assertTrue(
                        CanonicalJson.writeString(answer.body()).contains("\"redaction-mismatch\""), answer.toString());
            }
            TokenAnswer unknown = caller.ask(caller.redacted("frobnicate", SMALL, TOKEN));
            assertTrue(
                    CanonicalJson.writeString(unknown.body()).contains("\"redaction-mismatch\""), unknown.toString());
        }
    }

    @Test
    void anApprovedCallWithASecretCannotBeRepeatedOrCoversAnotherSecret() throws Exception {
        PolicyArtefact asking = new PolicyArtefact(
                "asking@v1",
                "cedar",
                new DeclaredArguments(Map.of()),
                "@id(\"inside\") @window(\"10m\") permit (principal, action, resource) when { resource.inside };",
                new Floors(0, 1, 1, 1));
        try (Node node = new Node(folder, true, asking)) {
            Signer operator = Signer.person(node, "operator");
            Caller caller = caller(node, operator);
            TokenAnswer waiting = caller.ask(caller.redacted("charge", SMALL, TOKEN));
            assertEquals(
                    Json.of("authorization_pending"), waiting.body().members().get("error"), waiting.toString());
            PendingCall call = node.governor.pending().calls().getFirst();
            Entry approval = operator.sign(
                    new AuthorityFacts.Approval(AuthorityFacts.Verdict.APPROVE, call.terms()),
                    References.of("decision", call.decision()),
                    new PersonDetails(""));
            assertEquals(Optional.empty(), node.append(approval).firstBroken());

            TokenAnswer salted = caller.ask(caller.redacted("charge", SMALL, TOKEN));
            assertEquals(Json.of("use_salt"), salted.body().members().get("error"), salted.toString());
            Salt salt = Salt.fromHex(
                    salted.body().members().get("jurat_salt") instanceof Json.Str text ? text.value() : "");
            String other = SMALL.replace("hunter2", "hunter3");
            TokenAnswer cheat = caller.ask(caller.redacted("charge", other, TOKEN, salt));
            assertEquals(
                    Json.of("authorization_pending"), cheat.body().members().get("error"), cheat.toString());
            assertEquals(
                    200,
                    caller.ask(caller.redacted("charge", SMALL, TOKEN, salt)).status());
        }
    }

    /** The arguments in the input of the decision that an answer names; never the secret itself. */
    private static String seen(Node node, TokenAnswer answer) throws Exception {
        RecordId decision =
                RecordId.parse(answer.body().members().get("jurat_decision") instanceof Json.Str id ? id.value() : "");
        RecordId context =
                node.door.record(decision).orElseThrow().header().references().one("context");
        Json.Obj input = AuthorityDetails.Context.read(node.door.body(context).orElseThrow())
                .input();
        assertFalse(CanonicalJson.writeString(input).contains("hunter2"));
        return input.members().get("arguments") instanceof Json.Obj arguments
                ? CanonicalJson.writeString(arguments)
                : "";
    }
}
