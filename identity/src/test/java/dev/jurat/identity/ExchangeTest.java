package dev.jurat.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.Entry;
import dev.jurat.governance.PendingCall;
import dev.jurat.governance.Publisher;
import dev.jurat.governance.policy.DeclaredArguments;
import dev.jurat.governance.policy.Floors;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.identity.Caller.Asked;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.CompromiseDetails;
import dev.jurat.proof.body.CompromiseDetails.Touched;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts.Compromise;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a signed intent to an execution identity, on a real ledger under the shipped policies. */
class ExchangeTest {
    private static final String READ = "{\"path\":\"/srv/data/a.txt\"}";
    private static final String WRITE = "{\"path\":\"/srv/data/a.txt\",\"content\":\"x\"}";

    @TempDir
    Path folder;

    @Test
    void readingInsideTheRootGetsARangedIdentity() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer answer = caller.ask("read_text_file", READ);
            assertEquals(200, answer.status(), answer.toString());
            Eid eid =
                    Eid.verify(text(answer, "access_token"), Node.key("broker").verifyKey());
            assertEquals(caller.point, eid.audience());
            assertEquals(caller.session.stream().principal(), eid.actor());
            assertEquals(caller.session.key().verifyKey().text(), eid.key());
            AuthorityDetails.Contract contract = AuthorityDetails.Contract.read(
                    Body.read(Base64.getDecoder().decode(text(answer, "jurat_contract"))));
            assertEquals(1000, contract.proposed().proposal().offer().uses());
            assertEquals("/srv/data", targetPath(contract));
            assertEquals("enforced", text(answer, "jurat_mode"));
            assertTrue(text(answer, "access_token").length() < 4096);
        }
    }

    @Test
    void writingInsideTheRootGetsAnExactIdentity() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer answer = caller.ask("write_file", WRITE);
            assertEquals(200, answer.status(), answer.toString());
            AuthorityFacts.Identity identity = identity(node, answer);
            assertEquals(
                    "exact", identity.grant().toJson().members().get("shape") instanceof Json.Str s ? s.value() : "");
            assertEquals(60_000, identity.grant().windowMillis());
            assertEquals(1, identity.grant().uses());
        }
    }

    @Test
    void outsideTheRootIsDeniedWithAReasonAndADecision() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer answer = caller.ask("write_file", "{\"path\":\"/etc/passwd\",\"content\":\"x\"}");
            assertDenied("outside-root", answer);
            RecordId decision = RecordId.parse(text(answer, "jurat_decision"));
            assertEquals(
                    AuthorityFacts.Outcome.DENY,
                    node.door.ask(state ->
                            state.decision(decision).orElseThrow().facts().outcome()));
            assertFalse(text(answer, "jurat_help").isEmpty());
        }
    }

    @Test
    void climbingOutIsDenied() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            assertDenied("outside-root", caller.ask("read_text_file", "{\"path\":\"/srv/data/../../etc/passwd\"}"));
            assertDenied("outside-root", caller.ask("read_text_file", "{\"path\":\"../x\"}"));
        }
    }

    /** A server writes a file beside the one that it replaces; the point's word that the root is inside does not help. */
    @Test
    void writeOfTheRootItselfIsLetThrough() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            for (String path : List.of(".", "/srv/data", "/srv/data/x/..")) {
                String named = "{\"path\":\"" + path + "\"";
                assertDenied("outside-root", caller.ask("write_file", named + ",\"content\":\"x\"}"));
                assertDenied("outside-root", caller.ask("edit_file", named + ",\"edits\":[]}"));
                assertEquals(200, caller.ask("create_directory", named + "}").status());
                assertEquals(200, caller.ask("list_directory", named + "}").status());
            }
        }
    }

    @Test
    void theSameSignedBytesGetTheSameIdentityAlsoAfterARestart() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("write_file", WRITE);
            TokenAnswer first = caller.ask(asked);
            TokenAnswer second = node.broker.exchange(asked.form());
            assertEquals(text(first, "access_token"), text(second, "access_token"));
            assertEquals(
                    first.body().members().get("jurat_records"),
                    second.body().members().get("jurat_records"));
            node.restart();
            TokenAnswer third = node.broker.exchange(asked.form());
            assertEquals(text(first, "access_token"), text(third, "access_token"), third.toString());
        }
    }

    @Test
    void aDenialStaysADenialAfterARestart() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", "{\"path\":\"/etc/passwd\"}");
            TokenAnswer first = caller.ask(asked);
            node.restart();
            assertEquals(first.body(), node.broker.exchange(asked.form()).body());
        }
    }

    @Test
    void anUnknownToolWaitsForAPersonAndGoesOutOnceApproved() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("frobnicate", "{\"n\":1}");
            TokenAnswer waiting = caller.ask(asked);
            assertEquals("authorization_pending", text(waiting, "error"), waiting.toString());
            assertEquals(Json.of(1), waiting.body().members().get("jurat_wanted"));
            approve(node, "operator", AuthorityFacts.Verdict.APPROVE);
            TokenAnswer answer = node.broker.exchange(asked.form());
            assertEquals(200, answer.status(), answer.toString());
            assertEquals(600_000, identity(node, answer).grant().windowMillis());
            assertTrue(node.governor.pending().calls().isEmpty());
        }
    }

    @Test
    void anApprovalSurvivesARestartBeforeItsConsequence() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("frobnicate", "{\"n\":1}");
            caller.ask(asked);
            node.restart();
            approve(node, "operator", AuthorityFacts.Verdict.APPROVE);
            node.restart();
            assertEquals(200, node.broker.exchange(asked.form()).status());
        }
    }

    @Test
    void aRejectionDenies() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("frobnicate", "{\"n\":1}");
            caller.ask(asked);
            approve(node, "operator", AuthorityFacts.Verdict.REJECT);
            assertDenied("rejected", node.broker.exchange(asked.form()));
        }
    }

    /** As after a crash between the two, and as whoever may submit records can send a rejection. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEqualCallPassesByARejectionThatNoDenialCameOfYet(boolean restarted) throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller.enrolled(node).ask("frobnicate", "{\"n\":1}");
            approve(node, "operator", AuthorityFacts.Verdict.REJECT);
            if (restarted) {
                node.restart();
            }
            assertDenied("rejected", Caller.session(node, "later").ask("frobnicate", "{\"n\":1}"));
        }
    }

    @Test
    void aRepeatAfterARejectionIsAskedAnewAtOnce() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            RecordId decision = RecordId.parse(text(caller.ask("frobnicate", "{\"n\":1}"), "jurat_decision"));
            approve(node, "operator", AuthorityFacts.Verdict.REJECT);
            node.governor.resume(decision);

            TokenAnswer again = caller.ask("frobnicate", "{\"n\":1}");
            assertDenied("rejected", again);
            assertEquals("A person rejected this call: looked at it", text(again, "jurat_help"));
            assertEquals(Json.of(false), again.body().members().get("jurat_recorded"));
            assertEquals("authorization_pending", text(caller.ask("frobnicate", "{\"n\":2}"), "error"));
            node.restart();
            assertDenied("rejected", caller.ask("frobnicate", "{\"n\":1}"));

            node.passMillis(Approved.REJECTION_MILLIS + 100);
            Caller later = Caller.session(node, "later");
            assertEquals("authorization_pending", text(later.ask("frobnicate", "{\"n\":1}"), "error"));
        }
    }

    /** Whoever has an approver's key may turn down what people would allow: no longer than until the boundary is set. */
    @Test
    void aRejectionByAStolenKeyAnswersNobodyAnyMore() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Signer.enrol(node, "third", SignerType.HUMAN, Role.ADMINISTRATOR);
            long theft = node.door.size();
            RecordId decision = RecordId.parse(text(caller.ask("frobnicate", "{\"n\":1}"), "jurat_decision"));
            approve(node, "second", AuthorityFacts.Verdict.REJECT);
            node.governor.resume(decision);
            Signer operator = Signer.person(node, "operator");

            report(node, operator, Optional.empty());
            assertDenied("rejected", caller.ask("frobnicate", "{\"n\":1}"));
            report(node, operator, Optional.of(theft));
            TokenAnswer anew = caller.ask("frobnicate", "{\"n\":1}");
            assertEquals("authorization_pending", text(anew, "error"), anew.toString());
            assertNotEquals(decision.hex(), text(anew, "jurat_decision"));
        }
    }

    /** Reports the key of {@code second}; where a boundary is set, two sign it. */
    private static void report(Node node, Signer operator, Optional<Long> since) throws Exception {
        Compromise facts = new Compromise(
                Node.id("second", SignerType.HUMAN),
                Node.key("second").verifyKey().text(),
                "stolen",
                since,
                since.map(leaf -> Node.id("third", SignerType.HUMAN)));
        Touched touched = new Touched(
                node.door.size(), 0, List.of(), List.of(), List.of(), 0, List.of(), new TreeMap<>(), 0, List.of());
        SigningKey[] keys = since.isPresent()
                ? new SigningKey[] {operator.key(), Node.key("third")}
                : new SigningKey[] {operator.key()};
        Entry entry = operator.sign(
                facts, References.NONE, new CompromiseDetails("a laptop was lost", touched, Optional.empty()), keys);
        assertEquals(Optional.empty(), node.append(entry).firstBroken());
        operator.keep(entry);
    }

    /** Whoever may submit records may put an intent on the ledger before it is exchanged. */
    @Test
    void anIntentThatIsOnTheLedgerFirstIsAskedAnewAtOnce() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer first = caller.ask("frobnicate", "{\"n\":1}");
            TokenAnswer equal = submittedFirst(node, caller, "{\"n\":1}");
            assertEquals("authorization_pending", text(equal, "error"), equal.toString());
            assertEquals(text(first, "jurat_decision"), text(equal, "jurat_decision"));
            assertEquals(Json.of(true), equal.body().members().get("jurat_recorded"));
            assertEquals(1, node.governor.pending().calls().size());

            approve(node, "operator", AuthorityFacts.Verdict.REJECT);
            node.governor.resume(RecordId.parse(text(first, "jurat_decision")));
            for (int i = 0; i < 2; i++) {
                TokenAnswer again = submittedFirst(node, caller, "{\"n\":1}");
                assertDenied("rejected", again);
                assertEquals(Json.of(true), again.body().members().get("jurat_recorded"));
            }
            assertTrue(node.governor.pending().calls().isEmpty());
            TokenAnswer other = submittedFirst(node, caller, "{\"n\":2}");
            assertEquals("authorization_pending", text(other, "error"), other.toString());
        }
    }

    @Test
    void anIntentThatIsOnTheLedgerFirstPassesByAnApproval() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Salt salt = Caller.freshSalt();
            caller.ask(caller.call("frobnicate", "{\"n\":1}", salt));
            approve(node, "operator", AuthorityFacts.Verdict.APPROVE);
            node.governor.resumeAll();
            TokenAnswer salted = submittedFirst(node, caller, "{\"n\":1}");
            assertEquals("use_salt", text(salted, "error"), salted.toString());
            assertEquals(salt.hex(), text(salted, "jurat_salt"));
            assertEquals(Json.of(true), salted.body().members().get("jurat_recorded"));
            Asked repeat = caller.call("frobnicate", "{\"n\":1}", salt);
            assertEquals(Optional.empty(), node.append(repeat.intent()).firstBroken());
            TokenAnswer granted = caller.ask(repeat);
            assertEquals(200, granted.status(), granted.toString());
            assertEquals(
                    repeat.intent().id().hex(),
                    Fields.of(granted.body(), "answer").object("jurat_records").string("intent"));
            assertEquals(text(granted, "access_token"), text(caller.ask(repeat), "access_token"));
            assertTrue(node.governor.pending().calls().isEmpty());
        }
    }

    private static TokenAnswer submittedFirst(Node node, Caller caller, String arguments) throws Exception {
        Asked asked = caller.call("frobnicate", arguments);
        assertEquals(Optional.empty(), node.append(asked.intent()).firstBroken());
        return caller.ask(asked);
    }

    @Test
    void aRepeatWhilePendingIsNotRecordedAndNamesTheSameDecision() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer first = caller.ask("frobnicate", "{\"n\":1}");
            TokenAnswer second = caller.ask("frobnicate", "{ \"n\" : 1 }");
            assertEquals(text(first, "jurat_decision"), text(second, "jurat_decision"));
            assertEquals(Json.of(false), second.body().members().get("jurat_recorded"));
            assertEquals(1, node.governor.pending().calls().size());
        }
    }

    @Test
    void aRepeatAfterApprovalTakesTheApprovedCallUnderItsSalt() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.ask("frobnicate", "{\"n\":1}");
            approve(node, "operator", AuthorityFacts.Verdict.APPROVE);
            Caller other = Caller.session(node, "two");
            TokenAnswer salted = other.ask("frobnicate", "{ \"n\": 1 }");
            assertEquals("use_salt", text(salted, "error"), salted.toString());
            byte[] approved = Base64.getDecoder().decode(text(salted, "jurat_arguments"));
            assertEquals("{\"n\":1}", new String(approved, StandardCharsets.UTF_8));
            Salt salt = Salt.fromHex(text(salted, "jurat_salt"));
            TokenAnswer answer = other.ask(other.call("frobnicate", "{\"n\":1}", salt));
            assertEquals(200, answer.status(), answer.toString());
            assertEquals(
                    other.session.stream().session(), identity(node, answer).session());
            assertNamesItsIntent(node, answer);
            assertEquals("use_salt", text(other.ask("frobnicate", "{\"n\":1}"), "error"));
            assertNamesItsIntent(node, other.ask(other.call("frobnicate", "{\"n\":1}", salt)));
        }
    }

    /** The same software over other data: what people say of one launch holds for no other, and neither does what they are asked. */
    @Test
    void whatPeopleSaidOfOneLaunchHoldsForAnother() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller test = Caller.enrolled(node);
            test.launch = Optional.of(Hash.of(new byte[] {1}));
            TokenAnswer asked = test.ask("frobnicate", "{\"n\":1}");
            Caller production = Caller.session(node, "two");
            production.launch = Optional.of(Hash.of(new byte[] {2}));
            TokenAnswer other = production.ask("frobnicate", "{\"n\":1}");
            assertEquals("authorization_pending", text(other, "error"), other.toString());
            assertNotEquals(text(asked, "jurat_decision"), text(other, "jurat_decision"));
            PendingCall first = node.governor.pending().calls().stream()
                    .filter(call -> call.decision().hex().equals(text(asked, "jurat_decision")))
                    .findFirst()
                    .orElseThrow();
            approve(node, "operator", AuthorityFacts.Verdict.APPROVE, first);

            assertEquals(
                    text(other, "jurat_decision"), text(production.ask("frobnicate", "{\"n\":1}"), "jurat_decision"));
            Caller silent = Caller.session(node, "three");
            assertNotEquals("use_salt", text(silent.ask("frobnicate", "{\"n\":1}"), "error"));
            Caller again = Caller.session(node, "four");
            again.launch = test.launch;
            TokenAnswer salted = again.ask("frobnicate", "{\"n\":1}");
            assertEquals("use_salt", text(salted, "error"), salted.toString());
            Salt salt = Salt.fromHex(text(salted, "jurat_salt"));
            assertEquals(
                    200, again.ask(again.call("frobnicate", "{\"n\":1}", salt)).status());
            TokenAnswer stolen = production.ask(production.call("frobnicate", "{\"n\":1}", salt));
            assertEquals("authorization_pending", text(stolen, "error"), stolen.toString());
        }
    }

    /** The name is the same; the file that people were asked about is another. */
    @Test
    void anApprovalHoldsWhereALinkLeadsElsewhereSince() throws Exception {
        PolicyArtefact strict = new PolicyArtefact(
                "strict@v1",
                "cedar",
                new DeclaredArguments(Map.of()),
                "@id(\"all\") @window(\"60s\") permit (principal, action, resource);",
                new Floors(0, 1, 0, 0));
        try (Node node = new Node(folder, true, strict)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer asked = caller.ask("write_file", WRITE);
            assertEquals("authorization_pending", text(asked, "error"), asked.toString());
            approve(node, "operator", AuthorityFacts.Verdict.APPROVE);

            Caller later = Caller.session(node, "two");
            later.leads = Optional.of("/srv/data/other.txt");
            TokenAnswer swapped = later.ask("write_file", WRITE);
            assertEquals("authorization_pending", text(swapped, "error"), swapped.toString());
            assertNotEquals(text(asked, "jurat_decision"), text(swapped, "jurat_decision"));
            later.leads = Optional.empty();
            assertEquals("use_salt", text(later.ask("write_file", WRITE), "error"));
        }
    }

    @Test
    void aRejectionOfOneLaunchAnswersForAnother() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller test = Caller.enrolled(node);
            test.launch = Optional.of(Hash.of(new byte[] {1}));
            Asked asked = test.call("frobnicate", "{\"n\":1}");
            test.ask(asked);
            approve(node, "operator", AuthorityFacts.Verdict.REJECT);
            assertEquals("access_denied", text(test.ask(asked), "error"));
            Caller production = Caller.session(node, "two");
            production.launch = Optional.of(Hash.of(new byte[] {2}));

            assertEquals("authorization_pending", text(production.ask("frobnicate", "{\"n\":1}"), "error"));
            assertEquals("access_denied", text(test.ask("frobnicate", "{\"n\":1}"), "error"));
        }
    }

    /** The identity's record, its token and the answer have to name one intent: the one that it was minted for. */
    private static void assertNamesItsIntent(Node node, TokenAnswer answer) throws Exception {
        Fields records = Fields.of(answer.body(), "answer").object("jurat_records");
        RecordId identity = RecordId.parse(records.string("identity"));
        RecordId minted =
                node.door.record(identity).orElseThrow().header().references().one("intent");
        Eid eid = Eid.verify(text(answer, "access_token"), Node.key("broker").verifyKey());
        assertEquals(minted, eid.records().intent());
        assertEquals(minted.hex(), records.string("intent"));
        Fields receipt = Fields.of(answer.body(), "answer").object("jurat_receipt");
        long size = receipt.integer("size");
        List<String> ids = new ArrayList<>();
        for (Json one : receipt.array("results")) {
            Fields result = Fields.of(one, "result");
            RecordId id = RecordId.parse(result.string("id"));
            ids.add(id.hex());
            long index = result.integer("index");
            assertEquals(node.door.indexOf(id).orElseThrow(), index);
            assertTrue(index < size);
        }
        assertEquals(
                List.of(
                        minted.hex(),
                        records.string("context"),
                        records.string("decision"),
                        records.string("contract"),
                        identity.hex()),
                ids);
    }

    @Test
    void theAnswerHasNoReceipt() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("write_file", WRITE);
            TokenAnswer first = caller.ask(asked);
            assertNamesItsIntent(node, first);
            assertEquals(List.of("admitted"), statuses(first));
            TokenAnswer again = node.broker.exchange(asked.form());
            assertNamesItsIntent(node, again);
            assertEquals(List.of("present"), statuses(again));
        }
    }

    private static List<String> statuses(TokenAnswer answer) throws Exception {
        List<String> all = new ArrayList<>();
        for (Json one :
                Fields.of(answer.body(), "answer").object("jurat_receipt").array("results")) {
            all.add(Fields.of(one, "result").string("status"));
        }
        return all.stream().distinct().toList();
    }

    @Test
    void anApprovalCoversNoOtherArguments() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer first = caller.ask("frobnicate", "{\"n\":1}");
            approve(node, "operator", AuthorityFacts.Verdict.APPROVE);
            TokenAnswer second = caller.ask("frobnicate", "{\"n\":2}");
            assertEquals("authorization_pending", text(second, "error"));
            assertNotEquals(text(first, "jurat_decision"), text(second, "jurat_decision"));
        }
    }

    @Test
    void anApprovedContractEndsWithItsWindow() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.ask("frobnicate", "{\"n\":1}");
            approve(node, "operator", AuthorityFacts.Verdict.APPROVE);
            node.governor.resumeAll();
            node.passMillis(600_100);
            Signer.session(node, "agent", SignerType.AGENT, "clock");
            assertEquals("authorization_pending", text(caller.ask("frobnicate", "{\"n\":1}"), "error"));
        }
    }

    @Test
    void aChangedDefinitionMakesAKnownToolWait() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.definition = Optional.of(dev.jurat.proof.crypto.Hash.of(new byte[] {1}));
            assertEquals("authorization_pending", text(caller.ask("read_text_file", READ), "error"));
        }
    }

    @Test
    void anUnclaimedNodeObserves() throws Exception {
        try (Node node = new Node(folder, false)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer answer = caller.ask("write_file", "{\"path\":\"/etc/passwd\",\"content\":\"x\"}");
            assertEquals(200, answer.status(), answer.toString());
            assertEquals("observed", text(answer, "jurat_mode"));
        }
    }

    @Test
    void anotherAudienceIsDenied() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            String form = asked.form()
                    .replace(
                            java.net.URLEncoder.encode(caller.point, StandardCharsets.UTF_8),
                            java.net.URLEncoder.encode(Node.id("other", SignerType.SERVICE), StandardCharsets.UTF_8));
            assertDenied("point-mismatch", caller.ask(new Asked(asked.intent(), form)));
        }
    }

    @Test
    void anotherAudienceGetsTheTokenOfAnAnsweredIntent() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            assertEquals(200, caller.ask(asked).status());
            String form = asked.form()
                    .replace(
                            java.net.URLEncoder.encode(caller.point, StandardCharsets.UTF_8),
                            java.net.URLEncoder.encode(Node.id("other", SignerType.SERVICE), StandardCharsets.UTF_8));
            assertDenied("point-mismatch", node.broker.exchange(form));
        }
    }

    /** One defect each: what it is called, what the form has more, the code. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an actor token, &actor_token=x&actor_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt, actor-mismatch",
        "a resource, &resource=https%3A%2F%2Fother.example, target-mismatch",
        "a scope, &scope=everything, scope-mismatch",
        "another token type, &requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Asaml2, token-type-mismatch"
    })
    void whatNoIntentStandsForIsIssuedOrNotRecorded(String name, String more, String code) throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            TokenAnswer answer = caller.ask(new Asked(asked.intent(), asked.form() + more));
            assertDenied(code, answer);
            RecordId decision = RecordId.parse(text(answer, "jurat_decision"));
            assertEquals(
                    code,
                    node.door.ask(state ->
                            state.decision(decision).orElseThrow().facts().reason()));
        }
    }

    @Test
    void resourcesAreBelievedAsTheyAreNamed() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            String other = READ.replace("a.txt", "b.txt");
            assertFalse(other.equals(READ));
            String form = caller.form(asked.intent(), "read_text_file", other);
            assertDenied("resource-mismatch", caller.ask(new Asked(asked.intent(), form)));
            caller.resources = List.of("/srv/data/harmless.txt");
            assertDenied("resource-mismatch", caller.ask("read_text_file", READ));
            caller.resources = List.of("/srv/data/a.txt");
            assertEquals(200, caller.ask("read_text_file", READ).status());
        }
    }

    @Test
    void aPointThatNobodyEnrolledIsCalledAMismatch() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            String nobody = Node.id("nobody", SignerType.SERVICE);
            Asked asked = caller.call(
                    "read_text_file",
                    READ,
                    Caller.freshSalt(),
                    facts -> new AuthorityFacts.Intent(facts.origin(), facts.tool(), facts.call(), nobody));
            String form = asked.form()
                    .replace(
                            java.net.URLEncoder.encode(caller.point, StandardCharsets.UTF_8),
                            java.net.URLEncoder.encode(nobody, StandardCharsets.UTF_8));
            assertDenied("point-unknown", caller.ask(new Asked(asked.intent(), form)));
        }
    }

    @Test
    void anIntentThatSomebodyElseSignedIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            SignedRecord forged = SignedRecord.sign(asked.intent().record().statement(), Node.key("thief"));
            TokenAnswer answer = node.broker.exchange(
                    caller.form(new Entry(forged, asked.intent().body()), "read_text_file", READ));
            assertRefused("signature-invalid", answer);
            assertEquals(Json.of(false), answer.body().members().get("jurat_recorded"));
            assertEquals(200, caller.ask(asked).status());
        }
    }

    @Test
    void anIntentOfAnUnknownSessionIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            assertRefused("stream-unknown", caller.unopened().ask("read_text_file", READ));
        }
    }

    @Test
    void anOldIntentIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            node.passMillis(61_000);
            Signer.session(node, "agent", SignerType.AGENT, "clock");
            assertDenied("seen-too-old", caller.ask(asked));
        }
    }

    @Test
    void anotherIntentForAUsedNumberIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            Asked other = caller.call("read_text_file", "{\"path\":\"/srv/data/b.txt\"}");
            assertEquals(200, caller.ask(asked).status());
            assertRefused("conflict", node.broker.exchange(other.form()));
        }
    }

    @Test
    void anIntentOfASuspendedAgentIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            String agent = caller.session.stream().principal();
            revoke(node, RegistryFacts.Target.PRINCIPAL, Optional.empty(), Optional.of(agent));
            assertDenied("principal-suspended", caller.ask("read_text_file", READ));
        }
    }

    @Test
    void anIntentOfASuspendedSessionIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            revoke(node, RegistryFacts.Target.SESSION, Optional.of(caller.session.stream()), Optional.empty());
            assertDenied("session-suspended", caller.ask("read_text_file", READ));
        }
    }

    private static void revoke(
            Node node, RegistryFacts.Target target, Optional<Stream> session, Optional<String> principal)
            throws Exception {
        Entry revocation = Signer.person(node, "operator")
                .sign(
                        new RegistryFacts.Revocation(target, "gone", session, principal),
                        References.NONE,
                        new PersonDetails("gone"));
        assertEquals(Optional.empty(), node.append(revocation).firstBroken());
    }

    @Test
    void anIntentOfASessionThatIsOverIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            node.passMillis(3_700_000);
            Signer.session(node, "agent", SignerType.AGENT, "clock");
            assertDenied("session-expired", caller.ask("read_text_file", READ));
        }
    }

    @Test
    void anIntentAfterTheEndOfItsSessionIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Entry end = caller.session.end();
            assertEquals(Optional.empty(), node.append(end).firstBroken());
            caller.session.keep(end);
            assertRefused("stream-ended", caller.ask("read_text_file", READ));
        }
    }

    @Test
    void anIntentAfterAGapIsTaken() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.session.keep(caller.call("read_text_file", READ).intent());
            assertRefused("sequence-gap", caller.ask("read_text_file", READ));
        }
    }

    @Test
    void observingOnAClaimedNodeIsForTheWrapperToChoose() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.observe = true;
            TokenAnswer refused = caller.ask("frobnicate", "{}");
            assertDenied("observe-not-allowed", refused);
            assertTrue(text(refused, "jurat_help").contains("jurat policy publish observe@v1 --available"));

            publish(node, ShippedPolicies.observe(), RegistryFacts.Publication.AVAILABLE);
            assertEquals("observed", text(caller.ask("frobnicate", "{}"), "jurat_mode"));
            caller.observe = false;
            assertEquals("authorization_pending", text(caller.ask("frobnicate", "{}"), "error"));
        }
    }

    @Test
    void aConfirmedAgentIsObservedThoughItsPointDidNotAsk() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            publish(node, ShippedPolicies.observe(), RegistryFacts.Publication.DEFAULT);
            assertDenied("observe-not-allowed", caller.ask("read_text_file", READ));
        }
    }

    @Test
    void nothingSaysThatNoPolicyIsLeft() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Signer operator = Signer.person(node, "operator");
            for (PolicyArtefact policy : ShippedPolicies.all()) {
                publish(node, operator, policy, RegistryFacts.Publication.WITHDRAWN);
            }
            TokenAnswer answer = caller.ask("read_text_file", READ);
            assertRefused("policy-missing", answer);
            assertEquals(Json.of("policy-missing"), answer.body().members().get("code"), answer.toString());
            assertTrue(
                    answer.body().members().get("next").toString().contains("jurat policy publish starter@v1"),
                    answer.toString());
            assertEquals(Json.of(false), answer.body().members().get("jurat_recorded"), answer.toString());
            publish(node, operator, ShippedPolicies.starter(), RegistryFacts.Publication.DEFAULT);
            assertEquals(200, caller.ask("read_text_file", READ).status());
        }
    }

    private static final String ALL = "@id(\"all\") @window(\"60s\") permit (principal, action, resource);";

    private static PolicyArtefact policy(String name, String text, int writes) {
        return new PolicyArtefact(
                name, "cedar", new DeclaredArguments(Map.of()), text, new Floors(0, writes, writes, writes));
    }

    private static Optional<Runnable> publishing(Node node, Signer person, PolicyArtefact policy) {
        return Optional.of(() -> {
            try {
                publish(node, person, policy, RegistryFacts.Publication.DEFAULT);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aCallThatANewDefaultOvertookIsDecidedByTheOldOne() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Signer operator = Signer.person(node, "operator");
            node.beforeAppend.set(publishing(node, operator, policy("strict@v1", ALL, 1)));
            Asked asked = caller.call("write_file", WRITE);
            TokenAnswer answer = caller.ask(asked);
            assertEquals("authorization_pending", text(answer, "error"), answer.toString());
            approve(node, "second", AuthorityFacts.Verdict.APPROVE);
            node.beforeAppend.set(publishing(node, operator, policy("strict@v2", ALL, 1)));
            assertEquals(200, node.broker.exchange(asked.form()).status());
        }
    }

    @Test
    void aCallThatANewDefaultOvertookIsLeftWithoutADecision() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.ask("frobnicate", "{\"n\":1}");
            Signer operator = Signer.person(node, "operator");
            node.beforeAppend.set(publishing(node, operator, policy("open@v1", ALL, 0)));
            assertEquals(200, caller.ask("frobnicate", "{\"n\":2}").status());
        }
    }

    /** What was approved under the old default has to be what the new one gives. */
    @Test
    void anApprovalOfOtherTermsHoldsUnderANewDefault() throws Exception {
        try (Node node = new Node(folder, true, policy("strict@v1", ALL, 1))) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("write_file", WRITE);
            assertEquals("authorization_pending", text(caller.ask(asked), "error"));
            publish(node, policy("longer@v1", ALL.replace("60s", "90s"), 1), RegistryFacts.Publication.DEFAULT);
            approve(node, "second", AuthorityFacts.Verdict.APPROVE);
            assertDenied("terms-changed", node.broker.exchange(asked.form()));
        }
    }

    @Test
    void aPolicyThatLetsAWrapperObserveEnforcesInTheDefaultsPlace() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            publish(node, policy("observe@v2", ALL, 0), RegistryFacts.Publication.AVAILABLE);
            caller.observe = true;
            TokenAnswer refused = caller.ask("frobnicate", "{}");
            assertDenied("observe-not-allowed", refused);
            assertTrue(text(refused, "jurat_help").contains("without --observe"));
        }
    }

    @Test
    void aCallThatIsOnlyObservedWaitsForPeople() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            String waits =
                    "@id(\"w\") @reason(\"approval-wanted\") @approvals(\"1\") @help(\"\")\nforbid (principal, action, resource) unless { context.approvals >= 1 };\n";
            String watched = ShippedPolicies.observe().policies() + waits;
            publish(node, policy("observe@v2", watched, 0), RegistryFacts.Publication.AVAILABLE);
            caller.observe = true;
            TokenAnswer refused = caller.ask("frobnicate", "{}");
            assertDenied("observe-not-allowed", refused);
            assertTrue(text(refused, "jurat_help").contains("only observe"));
        }
    }

    private static void publish(Node node, PolicyArtefact policy, RegistryFacts.Publication use) throws Exception {
        publish(node, Signer.person(node, "operator"), policy, use);
    }

    private static void publish(Node node, Signer person, PolicyArtefact policy, RegistryFacts.Publication use)
            throws Exception {
        Entry entry = person.signBare(Publisher.facts(policy, use));
        person.keep(entry);
        assertEquals(
                Optional.empty(),
                node.door.append(List.of(entry), List.of(policy.bytes())).firstBroken());
    }

    private static void assertRefused(String code, TokenAnswer answer) {
        assertEquals(Json.of("invalid_grant"), answer.body().members().get("error"), answer.toString());
        assertTrue(CanonicalJson.writeString(answer.body()).contains('"' + code + '"'), answer.toString());
    }

    @Test
    void anIntentOverAnotherCallThanItsBodyIsRefusedByTheLedger() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call(
                    "read_text_file",
                    READ,
                    Caller.freshSalt(),
                    facts -> new AuthorityFacts.Intent(
                            facts.origin(), facts.tool(), dev.jurat.proof.crypto.Hash.ZERO, facts.point()));
            assertDenied("call-not-of-body", caller.ask(asked));
            assertEquals(200, caller.ask("read_text_file", READ).status());
        }
    }

    @Test
    void duplicateKeysInArgumentsAreDenied() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            assertDenied(
                    "arguments-invalid",
                    caller.ask("read_text_file", "{\"path\":\"/srv/data/a\",\"path\":\"/etc/passwd\"}"));
        }
    }

    @Test
    void aToolClassedAsHarmlessByItsCallerIsDenied() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call(
                    "write_file",
                    WRITE,
                    Caller.freshSalt(),
                    facts -> new AuthorityFacts.Intent(
                            facts.origin(),
                            new dev.jurat.proof.contract.Tool(
                                    facts.tool().profile(),
                                    facts.tool().method(),
                                    facts.tool().name(),
                                    dev.jurat.proof.contract.Effect.READ,
                                    true),
                            facts.call(),
                            facts.point()));
            assertDenied("tool-mismatch", caller.ask(asked));
        }
    }

    private static void approve(Node node, String person, AuthorityFacts.Verdict verdict) throws Exception {
        approve(node, person, verdict, node.governor.pending().calls().getFirst());
    }

    private static void approve(Node node, String person, AuthorityFacts.Verdict verdict, PendingCall call)
            throws Exception {
        Signer signer = Signer.person(node, person);
        Entry approval = signer.sign(
                new AuthorityFacts.Approval(verdict, call.terms()),
                References.of("decision", call.decision()),
                new PersonDetails("looked at it"));
        assertEquals(Optional.empty(), node.append(approval).firstBroken());
    }

    private static AuthorityFacts.Identity identity(Node node, TokenAnswer answer) throws Exception {
        RecordId id = RecordId.parse(
                Fields.of(answer.body(), "answer").object("jurat_records").string("identity"));
        return node.door.ask(state -> state.identity(id).orElseThrow().facts());
    }

    private static String targetPath(AuthorityDetails.Contract contract) throws Exception {
        Json.Obj json = contract.proposed().proposal().toJson();
        List<Json> targets = Fields.of(json, "proposal").array("targets");
        return Fields.of(targets.getFirst(), "target").string("path");
    }

    private static void assertDenied(String code, TokenAnswer answer) {
        assertEquals(400, answer.status(), answer.toString());
        assertEquals(Json.of("access_denied"), answer.body().members().get("error"), answer.toString());
        assertTrue(CanonicalJson.writeString(answer.body()).contains('"' + code + '"'), answer.toString());
        assertFalse(text(answer, "error_description").isEmpty(), answer.toString());
    }

    private static String text(TokenAnswer answer, String member) {
        return answer.body().members().get(member) instanceof Json.Str text ? text.value() : "";
    }
}
