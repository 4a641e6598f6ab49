package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.log.TreeSize;
import java.util.Optional;

/**
 * How far outside witnesses have seen a log: which of them had to, and up to which size they have.
 *
 * @param name the quorum's name in the policy; {@link TlogPolicy#NONE} where nobody is asked
 * @param policy the policy's digest; empty where nobody is asked
 * @param size the largest size that a quorum has cosigned; 0 before any
 */
public record Quorum(String name, Optional<Hash> policy, TreeSize size) {
    /** Of a ledger that asks nobody. */
    public static final Quorum NOBODY = new Quorum(TlogPolicy.NONE, Optional.empty(), TreeSize.EMPTY);

    /** As answers have it: {policy?, quorum, size}. */
    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("policy", policy.map(digest -> new Json.Str(digest.hex())))
                .put("quorum", name)
                .put("size", size.value())
                .build();
    }
}
