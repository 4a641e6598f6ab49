package dev.jurat.testkit;

import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Tokens of execution identities, as a broker makes them. */
final class Tokens {
    private Tokens() {}

    /** The claims of a sound token. */
    static Json.Obj claims(Execution execution, long notAfterMillis, Matter contract) {
        Grant grant = execution.grant();
        Hash digest = contract.body().map(Body::digest).orElseThrow();
        Json detail = JsonBuilder.object()
                .put("contract", digest.hex())
                .put("type", Proposal.TYPE)
                .build();
        return JsonBuilder.object()
                .put("aud", grant.point())
                .put("authorization_details", new Json.Arr(List.of(detail)))
                .put(
                        "cnf",
                        JsonBuilder.object()
                                .put(
                                        "jurat_key",
                                        execution.agent().key().verifyKey().text())
                                .build())
                .put("exp", notAfterMillis / 1000)
                .put("iat", notAfterMillis / 1000 - 30)
                .put("iss", World.ORIGIN)
                .put("jti", execution.termsSalt().hex())
                .put(
                        "jurat",
                        JsonBuilder.object()
                                .put("context", execution.id(Kind.CONTEXT).hex())
                                .put("contract", contract.id().hex())
                                .put("decision", execution.id(Kind.DECISION).hex())
                                .put("intent", execution.id(Kind.INTENT).hex())
                                .build())
                .put("sub", grant.actor())
                .build();
    }

    /** Signs claims with the broker's session key. */
    static String sign(World world, Json.Obj claims) {
        Json.Obj header =
                JsonBuilder.object().put("alg", "EdDSA").put("typ", "at+jwt").build();
        String signed = part(CanonicalJson.write(header)) + "." + part(CanonicalJson.write(claims));
        byte[] signature = world.broker().key().sign(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + part(signature);
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
