package dev.jurat.proof.verify;

import java.util.List;

/** The second verdict: was the act within its permission? */
public sealed interface PermissionVerdict {
    /** Recomputed from the bodies: the call is the one granted, or within the limits and targets granted. */
    record Within() implements PermissionVerdict {}

    /**
     * The statements allow it; what they commit to could not be recomputed and rests on the word of the log and the enforcement point.
     *
     * @param missing what is not there, such as {@code use-body}; sorted
     */
    record Asserted(List<String> missing) implements PermissionVerdict {
        public Asserted {
            missing = List.copyOf(missing);
        }
    }

    /** Observed alone: no policy could have refused it. */
    record NotEnforced() implements PermissionVerdict {}

    /** Granted and not used. */
    record NotUsed() implements PermissionVerdict {}

    /** No permission was given, and none was used; the code says why, such as {@code denied} or {@code pending}. */
    record NotGranted(String code) implements PermissionVerdict {}

    /**
     * A part of the log shows no use of it, which does not say that there was none: whoever brought it may have left out what came after. The
     * code is how far it is shown: {@code undecided}, {@code pending}, {@code no-contract} or {@code contract}.
     */
    record NotShown(String code) implements PermissionVerdict {}

    /** The act was not within what was granted; the code names the excess. */
    record Beyond(String code) implements PermissionVerdict {}

    /** Nothing is said: the records are not sound. */
    record NotJudged() implements PermissionVerdict {}
}
