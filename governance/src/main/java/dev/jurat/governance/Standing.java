package dev.jurat.governance;

import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import java.util.Optional;

/**
 * How it stands with an intent.
 *
 * @param decision the newest decision on it
 * @param help the decision's own sentence; empty where there is none, or its body was erased
 * @param wanted how many people have to approve; 0 where nobody has to
 * @param given how many have, of those who may; of a decision made after them, those that it names
 * @param suspended what keeps even an allowed call of this intent from going out: {@code agent}, or {@code session}; empty for nothing
 */
public record Standing(
        RecordId decision,
        AuthorityFacts.Outcome outcome,
        String reason,
        String help,
        long wanted,
        long given,
        Optional<String> suspended) {}
