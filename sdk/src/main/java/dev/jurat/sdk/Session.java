package dev.jurat.sdk;

import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.util.Optional;

/**
 * One run of one principal: a key of its own, made here and written nowhere, and the stream that the key signs.
 *
 * <p>Security property: a number is never signed twice with different content, as long as {@link #resume} is called only with what the
 * ledger said after every request of this session was answered; two signed records for one number are a cloned key. Thread-safe, but the
 * order of calls is the order of the stream: one writer at a time.
 */
public final class Session {
    private final Stream stream;
    private final SignerType type;
    private final SigningKey key;
    private final RecordId genesis;
    private final RandomSource random;
    private long next;
    private RecordId previous;

    private Session(Stream stream, SignerType type, SigningKey key, RecordId genesis, RandomSource random) {
        this.stream = stream;
        this.type = type;
        this.key = key;
        this.genesis = genesis;
        this.random = random;
        this.previous = genesis;
    }

    /** A session of this identity that no record has opened yet. */
    public static Session prepare(Identity identity, RecordId genesis, RandomSource random) {
        SoftwareKey key = SoftwareKey.generate(random);
        Stream stream = new Stream(identity.principal(), Stream.sessionId(key.verifyKey()));
        return new Session(stream, identity.type(), key, genesis, random);
    }

    /** What an opening session says of itself beside its keys. */
    public record Opening(
            long notAfter,
            RegistryFacts.Isolation isolation,
            boolean shared,
            RegistryFacts.Signs signs,
            boolean claimed) {}

    /** Number 0 of the stream, signed by the identity and then by the session. */
    public synchronized Entry open(Identity identity, Opening opening, RecordId seen, Json.Obj details) {
        RegistryFacts.Session facts = new RegistryFacts.Session(
                identity.key().verifyKey().text(),
                key.verifyKey().text(),
                opening.notAfter(),
                opening.isolation(),
                opening.shared(),
                opening.signs(),
                opening.claimed(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return sign(salt -> facts, References.NONE, seen, details, identity.key(), key);
    }

    /** Facts that are asked for at the moment of signing, with the salt that the body will have. */
    @FunctionalInterface
    public interface Saying {
        Facts facts(byte[] bodySalt);
    }

    /** The record that follows, signed. The stream moves on: the next call signs the next number. */
    public synchronized Entry sign(Saying saying, References references, RecordId seen, Json.Obj details) {
        return sign(saying, references, seen, details, key);
    }

    private Entry sign(Saying saying, References references, RecordId seen, Json.Obj details, SigningKey... keys) {
        byte[] salt = random.bytes(Body.SALT_BYTES);
        Facts facts = saying.facts(salt);
        Header header = new Header(
                facts.kind(),
                stream,
                type,
                next,
                previous,
                seen,
                references,
                key.verifyKey().suite());
        Optional<Body> body =
                facts.kind().hasBody() ? Optional.of(Body.of(salt, stream, next, details)) : Optional.empty();
        SignedRecord record = SignedRecord.sign(
                new Statement(header, facts, body.map(Body::digest).orElse(genesis.hash())), keys);
        next++;
        previous = record.id();
        return new Entry(record, body);
    }

    /** Sets the stream to where the ledger says that it stands. */
    public synchronized void resume(StreamHead head) {
        next = head.next();
        previous = head.previous();
    }

    /** Where the stream stands now, to be given to {@link #resume} if the next record turns out not to be taken. */
    public synchronized StreamHead mark() {
        return new StreamHead(next, previous, "open");
    }

    public Stream stream() {
        return stream;
    }

    /** The session's key, for use proofs. */
    public SigningKey key() {
        return key;
    }

    public RecordId genesis() {
        return genesis;
    }

    /** The number that the next record will have. */
    public synchronized long next() {
        return next;
    }
}
