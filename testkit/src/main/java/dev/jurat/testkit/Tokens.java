package dev.jurat.testkit;

import dev.jurat.proof.body.Eid;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Tokens of execution identities, as a broker makes them. */
final class Tokens {
    private Tokens() {}

    /** The claims of a sound token. */
    static Json.Obj claims(Execution execution, long notAfterMillis, Matter contract) {
        Grant grant = execution.grant();
        return new Eid(
                        Eid.issuer(World.ORIGIN),
                        grant.point(),
                        grant.actor(),
                        notAfterMillis / 1000 - 30,
                        notAfterMillis / 1000,
                        execution.termsSalt().hex(),
                        execution.agent().key().verifyKey().text(),
                        grant.tool(),
                        contract.body().map(Body::digest).orElseThrow(),
                        new Eid.Records(
                                execution.id(Kind.INTENT),
                                execution.id(Kind.CONTEXT),
                                execution.id(Kind.DECISION),
                                contract.id()))
                .claims();
    }

    /** Signs claims, whatever they say, with the broker's registered key. */
    static String sign(Json.Obj claims) {
        Json.Obj header =
                JsonBuilder.object().put("alg", "EdDSA").put("typ", "at+jwt").build();
        String signed = part(CanonicalJson.write(header)) + "." + part(CanonicalJson.write(claims));
        byte[] signature = World.key("broker").sign(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + part(signature);
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
