package dev.jurat.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.Entry;
import dev.jurat.governance.PendingCall;
import dev.jurat.governance.Publisher;
import dev.jurat.governance.policy.DeclaredArguments;
import dev.jurat.governance.policy.Floors;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.identity.Caller.Asked;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people approve, and what they do not. */
class ApprovalTest {
    private static final String READ = "{\"path\":\"/srv/data/a.txt\"}";

    /** A person is asked, and the approval holds for fifteen seconds. */
    private static final PolicyArtefact HASTY = policy("hasty@v1", "15s", new Floors(1, 1, 1, 1));

    @TempDir
    Path folder;

    @Test
    void aFloorWantsPeopleWhateverTheTextSays() throws Exception {
        PolicyArtefact strict = policy("strict@v1", "15s", new Floors(2, 0, 0, 0));
        try (Node node = new Node(folder, true, strict)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            TokenAnswer waiting = caller.ask(asked);
            assertEquals(Json.of(2), waiting.body().members().get("jurat_wanted"), waiting.toString());
            approve(node, "operator");
            assertEquals(400, node.broker.exchange(asked.form()).status());
            approve(node, "second");
            assertEquals(200, node.broker.exchange(asked.form()).status());
        }
    }

    @Test
    void theWordOfSomebodySuspendedCounts() throws Exception {
        PolicyArtefact strict = policy("strict@v1", "15s", new Floors(2, 0, 0, 0));
        try (Node node = new Node(folder, true, strict)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            caller.ask(asked);
            String second = approve(node, "second").stream().principal();
            approve(node, "operator", signer -> {
                Entry revocation = signer.sign(
                        new RegistryFacts.Revocation(
                                RegistryFacts.Target.PRINCIPAL, "gone", Optional.empty(), Optional.of(second)),
                        References.NONE,
                        new PersonDetails("gone"));
                assertEquals(Optional.empty(), node.append(revocation).firstBroken());
                signer.keep(revocation);
            });
            assertEquals(
                    Json.of("authorization_pending"),
                    node.broker.exchange(asked.form()).body().members().get("error"));
        }
    }

    @Test
    void aPolicyChangedAfterTheApprovalVoidsIt() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("frobnicate", "{}");
            caller.ask(asked);
            Signer operator = approve(node, "operator");
            publish(node, operator, policy("other@v1", "9m", Floors.NONE));
            TokenAnswer answer = node.broker.exchange(asked.form());
            assertTrue(CanonicalJson.writeString(answer.body()).contains("\"terms-changed\""), answer.toString());
        }
    }

    @Test
    void aRepeatAfterTheApprovalsTimeFails() throws Exception {
        try (Node node = new Node(folder, true, HASTY)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer first = caller.ask("read_text_file", READ);
            approve(node, "operator");
            node.governor.resumeAll();
            node.passMillis(20_000);
            assertAskedAnew(node, caller, first, caller.call("read_text_file", READ));
            assertEquals(0, refusals(node));
        }
    }

    @Test
    void aRepeatAsTheApprovalsTimeEndsFails() throws Exception {
        try (Node node = new Node(folder, true, HASTY)) {
            Caller caller = Caller.enrolled(node);
            Salt salt = Caller.freshSalt();
            TokenAnswer first = caller.ask(caller.call("read_text_file", READ, salt));
            approve(node, "operator");
            node.governor.resumeAll();
            node.passMillis(20_000);
            node.doorBehindMillis = 20_000;
            Asked asked = caller.call("read_text_file", READ, salt);
            assertAskedAnew(node, caller, first, asked);
            assertEquals(1, refusals(node));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CONTRACT", "INTENT"})
    void anApprovalWhoseBodyIsGoneFails(Kind gone) throws Exception {
        try (Node node = new Node(folder, true, HASTY)) {
            Caller caller = Caller.enrolled(node);
            Salt salt = Caller.freshSalt();
            TokenAnswer first = caller.ask(caller.call("read_text_file", READ, salt));
            approve(node, "operator");
            node.governor.resumeAll();
            AtomicReference<RecordId> last = new AtomicReference<>(RecordId.NONE);
            node.door.replay(0, record -> {
                if (record.kind() == gone) {
                    last.set(record.id());
                }
            });
            node.erase(last.get());

            assertAskedAnew(node, caller, first, caller.call("read_text_file", READ, salt));
        }
    }

    /** Of a call that was approved in vain: a person is asked again, and approves in time. */
    private static void assertAskedAnew(Node node, Caller caller, TokenAnswer first, Asked asked) throws Exception {
        TokenAnswer again = caller.ask(asked);
        assertEquals("authorization_pending", error(again), again.toString());
        assertEquals(Json.of(true), again.body().members().get("jurat_recorded"));
        assertNotEquals(
                first.body().members().get("jurat_decision"),
                again.body().members().get("jurat_decision"));
        assertEquals(
                asked.intent().id(), node.governor.pending().calls().getFirst().intent());
        approve(node, "second");
        assertEquals(200, node.broker.exchange(asked.form()).status());
    }

    private static long refusals(Node node) {
        AtomicLong found = new AtomicLong();
        node.door.replay(0, record -> found.addAndGet(record.kind() == Kind.REFUSED ? 1 : 0));
        return found.get();
    }

    @Test
    void anApprovedIntentThatCameTooLateIsTriedOrExplainedAsPolicy() throws Exception {
        try (Node node = new Node(folder, true, HASTY)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            caller.ask(asked);
            approve(node, "operator");
            node.governor.resumeAll();
            node.passMillis(20_000);
            for (int i = 0; i < 2; i++) {
                TokenAnswer late = node.broker.exchange(asked.form());
                assertEquals("access_denied", error(late), late.toString());
                String text = CanonicalJson.writeString(late.body());
                assertTrue(text.contains("\"contract-expired\"") && text.contains("asked again"), text);
            }
            assertEquals(0, refusals(node));
            assertEquals("authorization_pending", error(caller.ask("read_text_file", READ)));
        }
    }

    @Test
    void anIntentThatNothingCameOfIsCalledRefused() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            assertEquals(Optional.empty(), node.append(asked.intent()).firstBroken());
            assertEquals(200, node.broker.exchange(asked.form()).status());
            assertEquals(200, node.broker.exchange(asked.form()).status());
        }
    }

    @Test
    void anApprovalDoesNotCoverWhatGoesOutBesideTheArguments() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.others = beside("{\"requestState\":\"a\"}");
            Asked asked = caller.call("frobnicate", "{\"n\":1}");
            caller.ask(asked);
            approve(node, "operator");
            assertEquals(200, node.broker.exchange(asked.form()).status());
            for (String arguments : List.of("{\"n\":1}", "{ \"n\":1}")) {
                caller.others = beside("{\"requestState\":\"b\"}");
                assertEquals("authorization_pending", error(caller.ask("frobnicate", arguments)));
                caller.others = Optional.empty();
                assertEquals("authorization_pending", error(caller.ask("frobnicate", arguments)));
            }
        }
    }

    @Test
    void theSameCallWithTheSameBesideItTakesTheApproval() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.others = beside("{\"requestState\":\"a\"}");
            caller.ask(caller.call("frobnicate", "{\"n\":1}"));
            approve(node, "operator");
            Caller other = Caller.session(node, "two");
            other.others = beside("{\"requestState\":\"a\"}");
            assertEquals("use_salt", error(other.ask("frobnicate", "{ \"n\":1}")));
        }
    }

    @Test
    void aKnownToolWithMoreBesideItThanATaskIsMisread() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.others = beside("{\"task\":{}}");
            assertEquals(200, caller.ask("read_text_file", READ).status());
            caller.others = beside("{\"inputResponses\":{}}");
            TokenAnswer answer = caller.ask("read_text_file", READ);
            assertTrue(CanonicalJson.writeString(answer.body()).contains("\"tool-mismatch\""), answer.toString());
        }
    }

    private static Optional<byte[]> beside(String json) {
        return Optional.of(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String error(TokenAnswer answer) {
        return answer.body().members().get("error") instanceof Json.Str text ? text.value() : answer.toString();
    }

    @Test
    void theAnswerWaitsForThePerson() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("frobnicate", "{}");
            caller.ask(asked);
            Thread person = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(300);
                    approve(node, "operator");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            String form = asked.form().replace("jurat_wait_millis=0", "jurat_wait_millis=20000");
            assertEquals(200, node.broker.exchange(form).status());
            person.join();
        }
    }

    private static PolicyArtefact policy(String name, String window, Floors floors) {
        String text = "@id(\"all\") @window(\"" + window + "\") permit (principal, action, resource);";
        return new PolicyArtefact(name, "cedar", new DeclaredArguments(Map.of()), text, floors);
    }

    /** What somebody does before they approve. */
    @FunctionalInterface
    private interface First {
        void does(Signer person) throws Exception;
    }

    private static Signer approve(Node node, String person) throws Exception {
        return approve(node, person, signer -> {});
    }

    private static Signer approve(Node node, String person, First first) throws Exception {
        PendingCall call = node.governor.pending().calls().getFirst();
        Signer signer = Signer.person(node, person);
        first.does(signer);
        Entry approval = signer.sign(
                new AuthorityFacts.Approval(AuthorityFacts.Verdict.APPROVE, call.terms()),
                References.of("decision", call.decision()),
                new PersonDetails(""));
        assertEquals(Optional.empty(), node.append(approval).firstBroken());
        signer.keep(approval);
        return signer;
    }

    private static void publish(Node node, Signer operator, PolicyArtefact policy) throws Exception {
        Entry entry = operator.signBare(Publisher.facts(policy, RegistryFacts.Publication.DEFAULT));
        assertEquals(
                Optional.empty(),
                node.door.append(List.of(entry), List.of(policy.bytes())).firstBroken());
    }
}
