package dev.jurat.proof.record;

import dev.jurat.proof.crypto.Dsse;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.JsonBuilder;

/**
 * What the holder of an execution identity signs at each use: this identity, this call, at this point, with this nonce
 * ({@code docs/spec/record.md} §4).
 *
 * <p>Security property: whoever has the token alone can use it nowhere.
 */
public final class UseProof {
    public static final String PAYLOAD_TYPE = "application/vnd.jurat.use-proof+json";

    private UseProof() {}

    /** The bytes to sign with the session's key. */
    public static byte[] message(Hash eid, Hash call, String point, String nonce) {
        return Dsse.pae(
                PAYLOAD_TYPE,
                CanonicalJson.write(JsonBuilder.object()
                        .put("call", call.hex())
                        .put("eid", eid.hex())
                        .put("nonce", nonce)
                        .put("point", point)
                        .build()));
    }
}
