package dev.jurat.proof.verify;

import dev.jurat.proof.verify.ActionFinding.UseFinding;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One verdict for several uses: the worst. */
final class Fold {
    private Fold() {}

    /** Empty where there was no use. */
    static Optional<PermissionVerdict> permission(List<UseFinding> uses) {
        return uses.stream().map(UseFinding::permission).max(Comparator.comparingInt(Fold::rank));
    }

    /** Empty where there was no use. */
    static Optional<OutcomeVerdict> outcome(List<UseFinding> uses) {
        return uses.stream().map(UseFinding::outcome).max(Comparator.comparingInt(Fold::rank));
    }

    private static int rank(PermissionVerdict verdict) {
        return switch (verdict) {
            case PermissionVerdict.NotUsed ignored -> 0;
            case PermissionVerdict.NotGranted ignored -> 1;
            case PermissionVerdict.NotShown ignored -> 2;
            case PermissionVerdict.Within ignored -> 3;
            case PermissionVerdict.Asserted ignored -> 4;
            case PermissionVerdict.NotEnforced ignored -> 5;
            case PermissionVerdict.Beyond ignored -> 6;
            case PermissionVerdict.NotJudged ignored -> 7;
        };
    }

    private static int rank(OutcomeVerdict verdict) {
        return switch (verdict) {
            case OutcomeVerdict.NothingRan ignored -> 0;
            case OutcomeVerdict.Agrees agrees ->
                switch (agrees.timing()) {
                    case IN_TIME -> 1;
                    case ASSERTED -> 2;
                    case LATE -> 3;
                };
            case OutcomeVerdict.Unknown ignored -> 4;
            case OutcomeVerdict.Disagrees ignored -> 5;
            case OutcomeVerdict.NotJudged ignored -> 6;
        };
    }
}
