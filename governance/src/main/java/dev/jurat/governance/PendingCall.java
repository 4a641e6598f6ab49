package dev.jurat.governance;

import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.RecordId;
import java.util.Optional;

/**
 * A call that waits for people.
 *
 * @param decision the pending decision, which approvals name
 * @param terms what an approval signs
 * @param wanted how many people
 * @param given how many have approved
 * @param name what is called, as it was sent
 * @param arguments the exact bytes of its arguments; empty where it has none or they are kept redacted
 */
public record PendingCall(
        RecordId decision,
        RecordId intent,
        Hash terms,
        long wanted,
        int given,
        String reason,
        String help,
        Proposal proposal,
        String name,
        Optional<byte[]> arguments) {}
