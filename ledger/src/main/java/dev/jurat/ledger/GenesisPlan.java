package dev.jurat.ledger;

import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.record.LedgerFacts.Registered;
import java.util.List;
import java.util.Optional;

/**
 * What leaf 0 is to say.
 *
 * @param origin the log's name: one bare host name
 * @param principals the governor, the broker and the first administrators; the ledger adds itself
 * @param artefacts policies and profiles that the governor may publish
 * @param administrators the keys of the administrators among the principals, in any order: each signs
 * @param predecessor what it cites of the log whose place it takes, if it does
 */
public record GenesisPlan(
        String origin,
        List<Registered> principals,
        List<byte[]> artefacts,
        List<SigningKey> administrators,
        Optional<Citation> predecessor) {
    /** Of a log that takes the place of none. */
    public GenesisPlan(
            String origin, List<Registered> principals, List<byte[]> artefacts, List<SigningKey> administrators) {
        this(origin, principals, artefacts, administrators, Optional.empty());
    }

    public GenesisPlan {
        principals = List.copyOf(principals);
        artefacts = List.copyOf(artefacts);
        administrators = List.copyOf(administrators);
    }
}
