package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import java.util.Optional;

/** Whether the token of an execution identity says what the records say, and nothing wider. */
final class TokenCheck {

    private final Records records;

    TokenCheck(Records records) {
        this.records = records;
    }

    /** The first fault: {@code token-syntax}, {@code token-signature}, {@code token-claims}. */
    Optional<String> fault(Leaf identity, AuthorityFacts.Identity facts, String token) {
        try {
            Eid.Read read = Eid.read(token);
            Optional<VerifyKey> broker = broker(identity);
            if (broker.isEmpty() || !read.isSignedBy(broker.get())) {
                return Optional.of("token-signature");
            }
            boolean agrees = expected(identity, facts, read.eid())
                    .filter(read.eid()::equals)
                    .isPresent();
            return agrees ? Optional.empty() : Optional.of("token-claims");
        } catch (FormatException e) {
            return Optional.of(e.code().equals("eid-claims") ? "token-claims" : "token-syntax");
        }
    }

    /** The registered key of the broker that wrote the identity. */
    private Optional<VerifyKey> broker(Leaf identity) throws FormatException {
        for (Leaf leaf : records.stream(identity.stream())) {
            if (leaf.record().statement().facts() instanceof RegistryFacts.Session session) {
                return Optional.of(VerifyKey.parse(Suite.ED25519_2026, session.identityKey()));
            }
        }
        return Optional.empty();
    }

    /** The token as the records have it; when it was made and what it is called are the broker's word. */
    private Optional<Eid> expected(Leaf identity, AuthorityFacts.Identity facts, Eid said) {
        References references = identity.header().references();
        Optional<Leaf> contract = records.byId(references.one("contract"));
        Optional<Leaf> decision = contract.flatMap(
                        c -> records.byId(c.header().references().one("decision")))
                .filter(d -> d.kind() == Kind.DECISION);
        if (decision.isEmpty()
                || !(records.at(0).orElseThrow().record().statement().facts() instanceof LedgerFacts.Genesis genesis)) {
            return Optional.empty();
        }
        Eid.Records named = new Eid.Records(
                references.one("intent"),
                decision.get().header().references().one("context"),
                decision.get().id(),
                contract.get().id());
        return Optional.of(new Eid(
                Eid.issuer(genesis.origin()),
                facts.grant().point(),
                facts.grant().actor(),
                said.issuedSeconds(),
                facts.notAfter() / 1000,
                said.id(),
                facts.key(),
                facts.grant().tool(),
                contract.get().record().statement().subject(),
                named));
    }
}
