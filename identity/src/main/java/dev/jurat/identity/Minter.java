package dev.jurat.identity;

import dev.jurat.governance.Entry;
import dev.jurat.governance.Lane;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.Receipt;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Lifecycle.IdentityStanding;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.HexFormat;
import java.util.Optional;

/** Makes execution identities, and reads back those that are on the ledger. Thread-safe. */
final class Minter {
    private final LedgerDoor ledger;
    private final SigningKey tokenKey;
    private final String issuer;
    private final RandomSource random;

    Minter(LedgerDoor ledger, SigningKey tokenKey, String issuer, RandomSource random) {
        this.ledger = ledger;
        this.tokenKey = tokenKey;
        this.issuer = issuer;
        this.random = random;
    }

    /**
     * The contract that an identity is to be minted under.
     *
     * @param body the contract record's body
     * @param notAfterMillis when its window ends at the latest
     */
    record Under(Eid.Records records, Grant grant, byte[] body, long notAfterMillis) {}

    /** An identity that is signed and not yet on the ledger. */
    record Minted(Entry entry, String token, Under under, long nowMillis) {
        Answers.Issued answer(LedgerDoor ledger, Receipt receipt) {
            return new Answers.Issued(
                    token,
                    Math.max(0, (under.notAfterMillis() - nowMillis) / 1000),
                    under.records(),
                    entry.id(),
                    under.body(),
                    receipt.clock(),
                    Places.of(ledger, under.records(), entry.id(), Optional.of(receipt)),
                    under.grant().mode().text());
        }
    }

    private record Now(RecordId clock, long earliestMillis, Optional<String> sessionKey) {
        static Now of(Lifecycle state, Stream session) {
            return new Now(
                    state.clockId(),
                    state.clock().earliest(),
                    state.head(session).flatMap(Lifecycle.StreamHead::session).map(RegistryFacts.Session::key));
        }
    }

    /** Signs an identity for the session of an intent. */
    Minted mint(SignedRecord intent, Under under, Lane lane) {
        Stream session = intent.header().stream();
        Now now = ledger.ask(state -> Now.of(state, session));
        String key = now.sessionKey().orElseThrow(() -> new IllegalStateException("no session to mint for"));
        Under named =
                new Under(under.records().withIntent(intent.id()), under.grant(), under.body(), under.notAfterMillis());
        Eid eid = new Eid(
                issuer,
                under.grant().point(),
                under.grant().actor(),
                now.earliestMillis() / 1000,
                under.notAfterMillis() / 1000,
                HexFormat.of().formatHex(random.bytes(16)),
                key,
                under.grant().tool(),
                Hash.of(under.body()),
                named.records());
        String token = eid.mint(tokenKey);
        AuthorityFacts.Identity facts = new AuthorityFacts.Identity(
                under.grant(), session.session(), key, Eid.digest(token), under.notAfterMillis());
        References references = References.of("contract", under.records().contract(), "intent", intent.id());
        Entry entry = lane.write(facts, references, now.clock(), new AuthorityDetails.Identity(token));
        return new Minted(entry, token, named, now.earliestMillis());
    }

    /** What a contract that is on the ledger gives; empty if a body that it rests on is gone. */
    Optional<Under> under(RecordId contract) {
        Optional<Lifecycle.ContractStanding> standing = ledger.ask(state -> state.contract(contract));
        Optional<byte[]> body = ledger.body(contract).map(Body::bytes);
        if (standing.isEmpty() || body.isEmpty()) {
            return Optional.empty();
        }
        Eid.Records records = records(contract, standing.get().decision());
        return Optional.of(new Under(
                records, standing.get().grant(), body.get(), standing.get().notAfter()));
    }

    private Eid.Records records(RecordId contract, RecordId decision) {
        References references = ledger.record(decision).orElseThrow().header().references();
        return new Eid.Records(references.one("intent"), references.one("context"), decision, contract);
    }

    /** An identity as it was given out; empty if its token is gone. */
    Optional<Answers.Issued> issued(RecordId identity) {
        Optional<IdentityStanding> standing = ledger.ask(state -> state.identity(identity));
        Optional<String> token = ledger.body(identity).flatMap(Minter::token);
        Optional<Under> under = standing.flatMap(found -> under(found.contract()));
        if (token.isEmpty() || under.isEmpty()) {
            return Optional.empty();
        }
        Eid.Records records = under.get()
                .records()
                .withIntent(ledger.record(identity)
                        .orElseThrow()
                        .header()
                        .references()
                        .one("intent"));
        Now now = ledger.ask(state -> Now.of(state, Stream.LEDGER));
        long left = standing.orElseThrow().facts().notAfter() - now.earliestMillis();
        return Optional.of(new Answers.Issued(
                token.get(),
                Math.max(0, left / 1000),
                records,
                identity,
                under.get().body(),
                now.clock(),
                Places.of(ledger, records, identity, Optional.empty()),
                under.get().grant().mode().text()));
    }

    private static Optional<String> token(Body body) {
        try {
            return Optional.of(AuthorityDetails.Identity.read(body).token());
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
