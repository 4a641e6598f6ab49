package dev.jurat.proof.contract;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import java.nio.charset.StandardCharsets;

/**
 * The salted digest of a whole proposal, which decision, approvals and contract sign alike.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Terms. A proposal holds no times and no record ids, so that a decision taken again after an
 * approval has the same terms.
 */
public final class Terms {
    private static final byte[] DOMAIN = "jurat/terms/v1\0".getBytes(StandardCharsets.US_ASCII);

    private Terms() {}

    public static Hash of(Salt salt, Proposal proposal) {
        return Hash.of(DOMAIN, salt.bytes(), CanonicalJson.write(proposal.toJson()));
    }
}
