package dev.jurat.proof.verify;

import java.util.List;
import java.util.Optional;

/** What the verifier says of a bundle. */
public sealed interface Report {
    /** Sound, under the trust policy given, and every act in it within its permission. */
    record Accepted(VerifiedBundle bundle) implements Report {}

    /** No defect was found, but without a trust policy nobody says whose log this is. Never accepted. */
    record Unanchored(Findings findings) implements Report {}

    /**
     * Something is wrong; the first defect is the cause, the others may follow from it.
     *
     * @param findings what could be found all the same; empty where the bundle could not be read so far
     */
    record Refused(List<Defect> defects, Optional<Findings> findings) implements Report {
        public Refused {
            defects = List.copyOf(defects);
        }
    }

    /** Not a bundle at all, not even a damaged one: no ZIP file by either end. */
    record Unusable(String code, String text) implements Report {}

    /** Whether the bundle may be relied on. */
    default boolean accepted() {
        return switch (this) {
            case Accepted ignored -> true;
            case Unanchored ignored -> false;
            case Refused ignored -> false;
            case Unusable ignored -> false;
        };
    }

    /** Every code that speaks against the bundle, the cause first; {@code unanchored} where there was no trust policy. */
    default List<String> codes() {
        return switch (this) {
            case Accepted ignored -> List.of();
            case Unanchored ignored -> List.of("unanchored");
            case Refused refused ->
                refused.defects().stream().map(Defect::code).distinct().toList();
            case Unusable unusable -> List.of(unusable.code());
        };
    }
}
