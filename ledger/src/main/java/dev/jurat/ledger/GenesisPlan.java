package dev.jurat.ledger;

import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.record.LedgerFacts.Registered;
import java.util.List;

/**
 * What leaf 0 is to say.
 *
 * @param origin the log's name: one bare host name
 * @param principals the governor, the broker and the first administrators; the ledger adds itself
 * @param artefacts policies and profiles that the governor may publish
 * @param administrators the keys of the administrators among the principals, in any order: each signs
 */
public record GenesisPlan(
        String origin, List<Registered> principals, List<byte[]> artefacts, List<SigningKey> administrators) {
    public GenesisPlan {
        principals = List.copyOf(principals);
        artefacts = List.copyOf(artefacts);
        administrators = List.copyOf(administrators);
    }
}
