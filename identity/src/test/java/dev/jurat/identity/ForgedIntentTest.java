package dev.jurat.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.Entry;
import dev.jurat.governance.PendingCall;
import dev.jurat.identity.Caller.Asked;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intents that the session did not sign as they come, at each place where the ledger knows something of them. */
class ForgedIntentTest {
    private static final String TOOL = "frobnicate";
    private static final String CALL = "{\"n\":1}";
    private static final String READ = "{\"path\":\"/srv/data/a.txt\"}";

    @TempDir
    Path folder;

    @Test
    void anAnsweredIntentIsAnsweredUnderAnotherSignature() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            assertEquals(200, caller.ask(asked).status());
            assertNotTaken("signature-invalid", node.broker.exchange(form(caller, unsigned(asked))));
            SignedRecord thiefs = SignedRecord.sign(asked.intent().record().statement(), Node.key("thief"));
            assertNotTaken(
                    "signature-invalid",
                    node.broker.exchange(
                            caller.form(new Entry(thiefs, asked.intent().body()), "read_text_file", READ)));
            assertNotTaken("signature-invalid", node.broker.exchange(form(caller, signedAnew(asked))));
            assertNotTaken("signature-count", node.broker.exchange(form(caller, signedTwice(asked))));
            assertEquals(200, node.broker.exchange(asked.form()).status());
        }
    }

    @Test
    void aDeniedIntentIsAnsweredUnsigned() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", "{\"path\":\"/etc/passwd\"}");
            caller.ask(asked);
            assertNotTaken("signature-invalid", node.broker.exchange(form(caller, unsigned(asked))));
        }
    }

    @Test
    void anotherBodyIsTakenForTheOneThatWasSigned() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call("read_text_file", READ);
            byte[] bytes = asked.intent().body().orElseThrow().bytes();
            bytes[0] ^= 1;
            Entry flipped = new Entry(asked.intent().record(), Optional.of(Body.read(bytes)));
            for (int i = 0; i < 2; i++) {
                TokenAnswer answer = node.broker.exchange(form(caller, flipped));
                assertEquals("invalid_request", error(answer), answer.toString());
                assertTrue(CanonicalJson.writeString(answer.body()).contains("\"body-mismatch\""), answer.toString());
                assertEquals(200, node.broker.exchange(asked.form()).status());
            }
        }
    }

    @Test
    void anApprovalIsTakenUpByAnUnsignedRequest() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            Asked asked = caller.call(TOOL, CALL);
            assertEquals("authorization_pending", error(caller.ask(asked)));
            approve(node);
            long before = node.door.size();
            assertNotTaken("signature-invalid", node.broker.exchange(form(caller, unsigned(asked))));
            assertEquals(before, node.door.size());
            assertEquals(200, node.broker.exchange(asked.form()).status());
        }
    }

    @Test
    void whatIsPendingIsToldToAnUnsignedRequest() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            caller.ask(TOOL, CALL);
            assertNotTaken("signature-invalid", node.broker.exchange(form(caller, unsigned(caller.call(TOOL, CALL)))));
            assertNotTaken("stream-unknown", caller.unopened().ask(TOOL, CALL));
        }
    }

    @Test
    void whatWasApprovedIsToldToAnUnsignedRequest() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer waiting = caller.ask(TOOL, CALL);
            approve(node);
            node.governor.resume(RecordId.parse(text(waiting, "jurat_decision")));
            Caller other = Caller.session(node, "two");
            assertEquals("use_salt", error(other.ask(TOOL, " " + CALL)));
            for (String same : List.of(CALL, " " + CALL)) {
                assertNotTaken(
                        "signature-invalid", node.broker.exchange(form(caller, unsigned(other.call(TOOL, same)))));
                assertNotTaken("stream-unknown", caller.unopened().ask(TOOL, same));
            }
        }
    }

    @Test
    void whatWasRejectedIsToldToAnUnsignedRequest() throws Exception {
        try (Node node = new Node(folder, true)) {
            Caller caller = Caller.enrolled(node);
            TokenAnswer waiting = caller.ask(TOOL, CALL);
            answer(node, AuthorityFacts.Verdict.REJECT);
            node.governor.resume(RecordId.parse(text(waiting, "jurat_decision")));
            assertNotTaken("signature-invalid", node.broker.exchange(form(caller, unsigned(caller.call(TOOL, CALL)))));
        }
    }

    // ---- forgeries

    private static String form(Caller caller, Entry intent) {
        return caller.form(intent, TOOL, CALL);
    }

    private static Entry unsigned(Asked asked) throws Exception {
        return resigned(asked, new byte[64]);
    }

    private static Entry signedTwice(Asked asked) throws Exception {
        byte[] own = asked.intent().record().signatures().getFirst();
        return resigned(asked, own, own);
    }

    private static Entry resigned(Asked asked, byte[]... signatures) throws Exception {
        SignedRecord record = SignedRecord.of(asked.intent().record().payload(), List.of(signatures));
        return new Entry(record, asked.intent().body());
    }

    /** Another genuine signature over the same statement, as only the key itself can make it. */
    private static Entry signedAnew(Asked asked) throws Exception {
        SoftwareKey own = Node.key("session/one");
        SoftwareKey nonce = Node.key("nonce");
        byte[] r = nonce.verifyKey().bytes();
        byte[] message = asked.intent().record().preAuthentication();
        MessageDigest hash = MessageDigest.getInstance("SHA-512");
        hash.update(r);
        hash.update(own.verifyKey().bytes());
        BigInteger k = number(hash.digest(message));
        BigInteger order = BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
        BigInteger s = k.multiply(scalar(own)).add(scalar(nonce)).mod(order);
        byte[] signature = Arrays.copyOf(r, 64);
        byte[] bytes = s.toByteArray();
        for (int i = 0; i < bytes.length && i < 32; i++) {
            signature[32 + i] = bytes[bytes.length - 1 - i];
        }
        assertTrue(own.verifyKey().verifies(message, signature));
        return resigned(asked, signature);
    }

    private static BigInteger scalar(SoftwareKey key) throws Exception {
        byte[] half = Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(key.dangerouslySeed()), 32);
        half[0] &= (byte) 0xF8;
        half[31] = (byte) (half[31] & 0x7F | 0x40);
        return number(half);
    }

    private static BigInteger number(byte[] littleEndian) {
        byte[] bytes = new byte[littleEndian.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = littleEndian[bytes.length - 1 - i];
        }
        return new BigInteger(1, bytes);
    }

    // ---- people

    private static void approve(Node node) throws Exception {
        answer(node, AuthorityFacts.Verdict.APPROVE);
    }

    private static void answer(Node node, AuthorityFacts.Verdict verdict) throws Exception {
        PendingCall call = node.governor.pending().calls().getFirst();
        Entry approval = Signer.person(node, "operator")
                .sign(
                        new AuthorityFacts.Approval(verdict, call.terms()),
                        References.of("decision", call.decision()),
                        new PersonDetails("looked at it"));
        assertEquals(Optional.empty(), node.append(approval).firstBroken());
    }

    private static void assertNotTaken(String code, TokenAnswer answer) {
        assertEquals("invalid_grant", error(answer), answer.toString());
        assertTrue(CanonicalJson.writeString(answer.body()).contains('"' + code + '"'), answer.toString());
        assertEquals(Json.of(false), answer.body().members().get("jurat_recorded"));
        assertFalse(answer.body().members().containsKey("jurat_decision"), answer.toString());
    }

    private static String error(TokenAnswer answer) {
        return text(answer, "error");
    }

    private static String text(TokenAnswer answer, String member) {
        return answer.body().members().get(member) instanceof Json.Str text ? text.value() : "";
    }
}
