package dev.jurat.governance;

import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.record.AuthorityFacts;
import java.util.Optional;

/**
 * What an identity is asked for, beside the intent.
 *
 * @param audience the enforcement point that is to honour it
 * @param mismatch what else was asked for that no intent stands for, such as a scope
 */
public record Wanted(String audience, Optional<Reason> mismatch) {
    /** What an intent itself names. */
    static Wanted of(AuthorityFacts.Intent intent) {
        return new Wanted(intent.point(), Optional.empty());
    }

    /** Why this cannot be had for an intent; the first that applies. */
    public Optional<Reason> mismatch(AuthorityFacts.Intent intent) {
        return audience.equals(intent.point()) ? mismatch : Optional.of(Reason.POINT_MISMATCH);
    }

    /** What the caller can do about a mismatch. */
    public static String help(Reason mismatch) {
        return switch (mismatch) {
            case POINT_MISMATCH -> "Ask for the enforcement point that the intent names.";
            case ACTOR_MISMATCH -> "The one who acts is the one who signed the intent; leave actor_token out.";
            case TARGET_MISMATCH -> "The intent says what is called; leave resource out, audience names the point.";
            case SCOPE_MISMATCH -> "The contract is the scope; leave scope out.";
            case TOKEN_TYPE_MISMATCH -> "Leave requested_token_type out, or ask for a JWT.";
            default -> "";
        };
    }
}
