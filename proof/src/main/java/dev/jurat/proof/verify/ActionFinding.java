package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Action;
import java.util.List;

/**
 * The three verdicts on one action, and on each of its uses.
 *
 * @param suspects its records whose signer is in doubt, by index
 */
public record ActionFinding(
        Action action,
        RecordVerdict record,
        PermissionVerdict permission,
        OutcomeVerdict outcome,
        List<UseFinding> uses,
        List<Suspect> suspects) {
    public ActionFinding {
        uses = List.copyOf(uses);
        suspects = List.copyOf(suspects);
    }

    /** The verdicts on one use. */
    public record UseFinding(Action.Use use, PermissionVerdict permission, OutcomeVerdict outcome) {}
}
