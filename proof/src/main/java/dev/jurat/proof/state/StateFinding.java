package dev.jurat.proof.state;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.LedgerFacts;
import java.util.List;
import java.util.Optional;

/**
 * What a state proof shows of its subject.
 *
 * @param stateLeaf the leaf that states the root
 * @param size the first so many leaves of the log are covered
 * @param clock the time as of which it was so
 * @param shown the subject's records and standings, by the names of the specification
 * @param reasons why the subject is not in force; none where it is
 */
public record StateFinding(
        Subject subject,
        long stateLeaf,
        long size,
        Optional<LedgerFacts.Clock> clock,
        Json.Obj shown,
        List<String> reasons) {
    public StateFinding {
        reasons = List.copyOf(reasons);
    }

    /** Whether, as of the size, nothing that the log knows had ended it. */
    public boolean inForce() {
        return reasons.isEmpty();
    }
}
