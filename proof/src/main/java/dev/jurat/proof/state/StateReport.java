package dev.jurat.proof.state;

import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Witnessed;
import java.util.List;
import java.util.Optional;

/** What a check says of a state proof. */
public sealed interface StateReport {
    /** Sound, under the trust policy given. */
    record Accepted(
            VerifiedCheckpoint checkpoint, Optional<Witnessed> witnesses, TrustPolicy trust, StateFinding finding)
            implements StateReport {}

    /** No defect was found, but without a trust policy nobody says whose log this is. Never accepted. */
    record Unanchored(VerifiedCheckpoint checkpoint, StateFinding finding) implements StateReport {}

    /** Something is wrong, and nothing is shown. */
    record Refused(Subject subject, String code, String text) implements StateReport {}

    /** Not a state proof at all, by its form. */
    record Unusable(String code, String text) implements StateReport {}

    /** Whether the proof may be relied on. */
    default boolean accepted() {
        return this instanceof Accepted;
    }

    /** What speaks against the proof; {@code unanchored} where there was no trust policy. */
    default List<String> codes() {
        return switch (this) {
            case Accepted a -> List.of();
            case Unanchored u -> List.of("unanchored");
            case Refused refused -> List.of(refused.code());
            case Unusable unusable -> List.of(unusable.code());
        };
    }
}
