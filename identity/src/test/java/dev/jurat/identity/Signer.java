package dev.jurat.identity;

import dev.jurat.governance.Entry;
import dev.jurat.proof.body.Details;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.util.List;
import java.util.Optional;

/** Somebody outside the node who signs records: an agent, a point, a person. Numbers move on when {@link #keep} says so. */
final class Signer {
    private final Node node;
    private final Stream stream;
    private final SignerType type;
    private final SigningKey key;
    private long next;
    private RecordId previous;

    private Signer(Node node, Stream stream, SignerType type, SigningKey key) {
        this.node = node;
        this.stream = stream;
        this.type = type;
        this.key = key;
        this.previous = node.door.ask(state -> state.genesis());
    }

    /** A person whom genesis names. */
    static Signer person(Node node, String name) {
        SoftwareKey key = Node.key(name);
        return new Signer(
                node,
                new Stream(Node.id(name, SignerType.HUMAN), Stream.sessionId(key.verifyKey())),
                SignerType.HUMAN,
                key);
    }

    /** Enrols an agent or a point: by the operator where there is one, else by itself. */
    static void enrol(Node node, String name, SignerType type, Role role) throws Exception {
        SoftwareKey key = Node.key(name);
        Signer self = new Signer(node, new Stream(Node.id(name, type), Stream.sessionId(key.verifyKey())), type, key);
        RegistryFacts.Key facts = new RegistryFacts.Key(
                RegistryFacts.KeyAction.ENROLL,
                self.stream.principal(),
                type,
                List.of(role),
                key.verifyKey().text(),
                node.claimed() ? RegistryFacts.Enrolled.ADMINISTRATOR : RegistryFacts.Enrolled.SELF,
                node.claimed() ? Optional.of(Node.id("operator", SignerType.HUMAN)) : Optional.empty());
        SigningKey[] keys = node.claimed() ? new SigningKey[] {key, Node.key("operator")} : new SigningKey[] {key};
        admitted(node, self.sign(facts, References.NONE, new RegistryDetails.Key(name), keys));
    }

    /** Opens a session of somebody enrolled. */
    static Signer session(Node node, String name, SignerType type, String session) throws Exception {
        node.writesClock();
        SoftwareKey identity = Node.key(name);
        SoftwareKey key = Node.key("session/" + session);
        Signer signer = new Signer(node, new Stream(Node.id(name, type), Stream.sessionId(key.verifyKey())), type, key);
        RegistryFacts.Session facts = new RegistryFacts.Session(
                identity.verifyKey().text(),
                key.verifyKey().text(),
                node.nowMillis() + 3_600_000,
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.WRAPPER,
                node.claimed(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Entry entry = signer.sign(
                facts,
                References.NONE,
                new RegistryDetails.Session("test", List.of(), Optional.empty(), Optional.empty()),
                identity,
                key);
        admitted(node, entry);
        signer.keep(entry);
        return signer;
    }

    /** A session that nobody recorded. */
    static Signer unopened(Node node, String name, SignerType type, String session) {
        SoftwareKey key = Node.key("session/" + session);
        return new Signer(node, new Stream(Node.id(name, type), Stream.sessionId(key.verifyKey())), type, key);
    }

    private static void admitted(Node node, Entry entry) throws Exception {
        node.append(entry).firstBroken().ifPresent(rule -> {
            throw new IllegalStateException(rule);
        });
    }

    Stream stream() {
        return stream;
    }

    SigningKey key() {
        return key;
    }

    /** Signs what would be the next record. */
    Entry sign(Facts facts, References references, Details details) {
        return sign(facts, references, details, key);
    }

    /** Signs what would be the next record, of a kind without a body. */
    Entry signBare(Facts facts) {
        Statement statement = new Statement(
                header(facts, References.NONE),
                facts,
                node.door.ask(state -> state.genesis()).hash());
        return new Entry(SignedRecord.sign(statement, key), Optional.empty());
    }

    /** The same, signed by these keys: the own one first. */
    Entry sign(Facts facts, References references, Details details, SigningKey... keys) {
        Body body = details.body(new byte[16], stream, next);
        SignedRecord record = SignedRecord.sign(new Statement(header(facts, references), facts, body.digest()), keys);
        return new Entry(record, Optional.of(body));
    }

    private Header header(Facts facts, References references) {
        return new Header(
                facts.kind(),
                stream,
                type,
                next,
                previous,
                node.door.ask(state -> state.clockId()),
                references,
                Suite.ED25519_2026);
    }

    /** The end of the session, which is the next record. */
    Entry end() {
        return signBare(new RegistryFacts.SessionEnd(next, "closed"));
    }

    /** Takes a record as used. */
    void keep(Entry entry) {
        next = entry.record().header().sequence() + 1;
        previous = entry.id();
    }
}
