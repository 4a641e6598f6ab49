package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RegistryFacts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Whether the token of an execution identity says what the records say, and nothing wider. */
final class TokenCheck {
    private static final byte[] HEADER = "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\"}".getBytes(StandardCharsets.US_ASCII);

    private final Records records;

    TokenCheck(Records records) {
        this.records = records;
    }

    /** The first fault: {@code token-syntax}, {@code token-signature}, {@code token-claims}. */
    Optional<String> fault(Leaf identity, AuthorityFacts.Identity facts, String token) {
        String[] parts = token.split("\\.", -1);
        try {
            if (parts.length != 3 || !Arrays.equals(decode(parts[0]), HEADER)) {
                return Optional.of("token-syntax");
            }
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            if (!signedByBroker(identity, signed, decode(parts[2]))) {
                return Optional.of("token-signature");
            }
            Fields claims = Fields.of(CanonicalJson.readObject(decode(parts[1])), "token");
            return agrees(identity, facts, claims) ? Optional.empty() : Optional.of("token-claims");
        } catch (FormatException e) {
            return Optional.of("token-syntax");
        }
    }

    private boolean signedByBroker(Leaf identity, byte[] signed, byte[] signature) throws FormatException {
        for (Leaf leaf : records.stream(identity.stream())) {
            if (leaf.record().statement().facts() instanceof RegistryFacts.Session session) {
                return verifies(session.identityKey(), signed, signature) || verifies(session.key(), signed, signature);
            }
        }
        return false;
    }

    private static boolean verifies(String key, byte[] signed, byte[] signature) throws FormatException {
        return VerifyKey.parse(Suite.ED25519_2026, key).verifies(signed, signature);
    }

    private boolean agrees(Leaf identity, AuthorityFacts.Identity facts, Fields claims) throws FormatException {
        List<Json> details = claims.array("authorization_details");
        if (details.size() != 1) {
            return false;
        }
        Fields detail = Fields.of(details.getFirst(), "token.authorization_details");
        long expiresMillis = claims.integer("exp", 0, Json.INTEGER_MAX / 1000) * 1000;
        return claims.string("sub").equals(facts.grant().actor())
                && claims.string("aud").equals(facts.grant().point())
                && claims.object("cnf").string("jurat_key").equals(facts.key())
                && expiresMillis <= facts.notAfter() + 999
                && detail.string("type").equals(Proposal.TYPE)
                && named(identity, claims.object("jurat"), detail.string("contract"));
    }

    /** The token names the records that the identity's references lead to, and the contract's body. */
    private boolean named(Leaf identity, Fields named, String contractBody) throws FormatException {
        Optional<Leaf> contract = records.byId(identity.header().references().one("contract"));
        Optional<Leaf> decision =
                contract.flatMap(c -> records.byId(c.header().references().one("decision")));
        if (decision.isEmpty() || decision.get().kind() != Kind.DECISION) {
            return false;
        }
        Leaf bound = contract.get();
        return named.string("contract").equals(bound.id().hex())
                && named.string("decision").equals(decision.get().id().hex())
                && named.string("context")
                        .equals(decision.get()
                                .header()
                                .references()
                                .one("context")
                                .hex())
                && named.string("intent")
                        .equals(identity.header().references().one("intent").hex())
                && contractBody.equals(bound.record().statement().subject().hex());
    }

    private static byte[] decode(String part) throws FormatException {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new FormatException("base64", "a part of the token is not base64url");
        }
        throw new FormatException("base64", "a part of the token is not in its one form");
    }
}
