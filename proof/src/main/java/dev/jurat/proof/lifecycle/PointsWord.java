package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.SignedRecord;

/**
 * Whose word on a call counts. How a use ended, what was seen of it, and what was turned away is said by the enforcement point that the
 * call is for, from any session of that point: one that comes back after a crash closes what the one before it left open.
 *
 * <p>Security property: anybody who may sign at all may write an outcome, a violation or a refusal about anything, and it is kept. The
 * mistake that looks right but is not: taking what names a use for what is known of it.
 */
public final class PointsWord {
    private PointsWord() {}

    /**
     * Whether a record that names a call, or what it was granted, says something of it.
     *
     * @param point the principal id of the point that the call is for
     */
    public static boolean counts(SignedRecord said, String point) {
        return switch (said.kind()) {
            case OUTCOME, VIOLATION, REFUSAL ->
                said.header().stream().principal().equals(point);
            default -> true;
        };
    }
}
