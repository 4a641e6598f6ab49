package dev.jurat.custody.signer;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Dsse;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bytes to be signed that are a record's, parsed from those very bytes.
 *
 * <p>Security property: nothing else is signed. Who asks cannot have a checkpoint, a token, an approval or any other text signed by this door,
 * nor a record of another principal, nor one that names another key as the principal's.
 */
record AskedRecord(Statement statement, RecordId id) {

    static AskedRecord of(byte[] message) {
        try {
            if (message.length > SignedRecord.LEAF_BYTES_MAX) {
                throw new FormatException("leaf-large", "larger than a record");
            }
            byte[] payload = payload(message);
            Statement statement = Statement.read(payload);
            if (!Arrays.equals(statement.bytes(), payload)) {
                throw new FormatException("json-not-canonical", "not as it would be written");
            }
            return new AskedRecord(statement, new RecordId(Hash.of(message)));
        } catch (FormatException e) {
            throw CustodyException.of(
                    CustodyCode.DENIED, "what is to be signed is no record (" + e.code() + ")", Optional.of(e));
        }
    }

    /** The payload of a pre-authentication encoding of our type; the lengths in it are checked by writing it again. */
    private static byte[] payload(byte[] message) throws FormatException {
        int prefix = ("DSSEv1 " + Statement.PAYLOAD_TYPE.length() + " " + Statement.PAYLOAD_TYPE + " ")
                .getBytes(StandardCharsets.US_ASCII)
                .length;
        int at = prefix;
        while (at < message.length && message[at] != ' ') {
            at++;
        }
        byte[] payload = at < message.length ? Arrays.copyOfRange(message, at + 1, message.length) : new byte[0];
        if (!Arrays.equals(Dsse.pae(Statement.PAYLOAD_TYPE, payload), message)) {
            throw new FormatException("leaf-syntax", "not the pre-authentication encoding of a record");
        }
        return payload;
    }

    /** Refuses what a rule does not allow of this key now, in milliseconds since 1970: {@link CustodyCode#DENIED}. */
    void require(SignerRule rule, VerifyKey key, long nowMillis) {
        Kind kind = statement.kind();
        allow(statement.header().stream().principal().equals(rule.principal()), "a record of another principal");
        allow(rule.kinds().contains(kind), "a record of the kind " + kind.wire());
        switch (statement.facts()) {
            case RegistryFacts.Key facts -> {
                allow(facts.action() == RegistryFacts.KeyAction.ENROLL, "a key record that does not enrol");
                allow(facts.principal().equals(rule.principal()), "an enrolment of another principal");
                allow(facts.key().equals(key.text()), "an enrolment of another key");
            }
            case RegistryFacts.Session facts ->
                allow(facts.identityKey().equals(key.text()), "a session of another key");
            case SuccessionFacts.Rotation facts -> {
                successor(rule, facts);
                allow(rule.succession().allows(facts, key), "a rotation between these keys");
                allow(rule.succession().ends(facts.until(), nowMillis), "an overlap that ends so late");
            }
            case SuccessionFacts.Recovery facts -> {
                successor(rule, facts);
                allow(rule.succession().allows(facts, key), "a recovery between these keys");
            }
            default -> allow(false, "a record of the kind " + kind.wire());
        }
    }

    /** What brings a key is of the rule's principal, and opens that key's stream. */
    private void successor(SignerRule rule, SuccessionFacts.Successor facts) {
        allow(facts.principal().equals(rule.principal()), "a key of another principal");
        Header header = statement.header();
        allow(header.sequence() == 0 && opens(header.stream(), facts.key()), "a record that opens another stream");
    }

    private static boolean opens(Stream stream, String key) {
        try {
            return stream.session().equals(Stream.sessionId(VerifyKey.parse(key)));
        } catch (FormatException e) {
            return false;
        }
    }

    private static void allow(boolean right, String what) {
        if (!right) {
            throw CustodyException.of(CustodyCode.DENIED, "the rule of this key does not allow " + what);
        }
    }
}
