package dev.jurat.testkit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A record about to be signed, sound as it stands, of which a test may change any part before it signs it. Not thread-safe.
 *
 * <p>Number, previous and seen are taken when it is signed, from the party's head and the world's clock.
 */
public final class Draft {
    private final World world;
    private final Party party;
    private Facts facts;
    private References references = References.NONE;
    private UnaryOperator<Header> header = h -> h;
    private UnaryOperator<Json.Obj> body = b -> b;
    private Optional<Hash> subject = Optional.empty();
    private List<SigningKey> signers;
    private Consumer<Matter> then = m -> {};

    Draft(World world, Party party, Facts facts) {
        this.world = world;
        this.party = party;
        this.facts = facts;
        this.signers = List.of(party.key());
    }

    public Draft references(References changed) {
        references = changed;
        return this;
    }

    /** Changes members of the facts. */
    public Draft facts(UnaryOperator<Json.Obj> change) {
        Kind kind = facts.kind();
        try {
            facts = Facts.read(kind, Fields.of(change.apply(facts.toJson()), "facts"));
        } catch (FormatException e) {
            throw new IllegalArgumentException("facts that no statement can have: " + e.getMessage(), e);
        }
        return this;
    }

    /** Sets one member of the facts. */
    public Draft fact(String member, Json value) {
        return facts(f -> f.with(member, value));
    }

    /** Changes the header that the record would have; changes add up. */
    public Draft header(UnaryOperator<Header> change) {
        UnaryOperator<Header> before = header;
        header = h -> change.apply(before.apply(h));
        return this;
    }

    public Draft sequence(long number) {
        return header(h -> new Header(
                h.kind(), h.stream(), h.signer(), number, h.previous(), h.seen(), h.references(), h.suite()));
    }

    public Draft previous(RecordId id) {
        return header(h ->
                new Header(h.kind(), h.stream(), h.signer(), h.sequence(), id, h.seen(), h.references(), h.suite()));
    }

    public Draft seen(RecordId id) {
        return header(h -> new Header(
                h.kind(), h.stream(), h.signer(), h.sequence(), h.previous(), id, h.references(), h.suite()));
    }

    /** Changes the members of the body, stream and sequence aside; changes add up. */
    public Draft body(UnaryOperator<Json.Obj> change) {
        UnaryOperator<Json.Obj> before = body;
        body = b -> change.apply(before.apply(b));
        return this;
    }

    Draft body(Json.Obj members) {
        return body(ignored -> members);
    }

    /** Names another subject than the body's digest. */
    public Draft subject(Hash digest) {
        subject = Optional.of(digest);
        return this;
    }

    /** Signs with other keys, in this order. */
    public Draft signedBy(SigningKey... keys) {
        signers = List.of(keys);
        return this;
    }

    Draft then(Consumer<Matter> done) {
        then = done;
        return this;
    }

    /** The record as it would be signed now; nothing changes. */
    public Matter peek() {
        Header plain = new Header(
                facts.kind(),
                party.stream(),
                party.type(),
                party.next(),
                party.previous(),
                world.log().clockId(),
                references,
                party.key().verifyKey().suite());
        Header changed = header.apply(plain);
        Optional<Body> made = facts.kind().hasBody() ? Optional.of(body(changed)) : Optional.empty();
        Hash digest = subject.orElseGet(() ->
                made.map(Body::digest).orElseGet(() -> world.log().genesisId().hash()));
        SignedRecord record =
                SignedRecord.sign(new Statement(changed, facts, digest), signers.toArray(SigningKey[]::new));
        return new Matter(record, made);
    }

    private Body body(Header changed) {
        byte[] salt = world.salt(changed.stream() + " " + changed.sequence()).bytes();
        return Body.of(
                salt,
                changed.stream(),
                changed.sequence(),
                body.apply(JsonBuilder.object().build()));
    }

    /** Signs, and moves the party's head on as a writer does who is sure of admission. */
    public Matter sign() {
        Matter matter = peek();
        party.advance(matter.record().header().sequence(), matter.id());
        then.accept(matter);
        return matter;
    }

    /** Signs and enters it as a group of its own; the lifecycle must admit it. */
    public Matter admit() {
        Matter matter = sign();
        world.log().admit(matter);
        return matter;
    }

    /** Signs and puts it into the log unjudged, as a ledger would that has been taken over. */
    public Matter append() {
        Matter matter = sign();
        world.log().append(matter);
        return matter;
    }

    /** What the lifecycle would say of it now; nothing changes. */
    public Judgement judge() {
        return world.log().judge(peek()).getFirst();
    }
}
