package dev.jurat.proof.assess;

/** What is found of one question: never better than what this run derived from records ({@code docs/operate/assess.md}). */
public sealed interface Verdict {
    /** It was derived from the records here, and holds. */
    record Measured() implements Verdict {}

    /** It holds if the statement of somebody is true; nothing here speaks against it. */
    record Declared(String by) implements Verdict {}

    /** What was given does not say; this would. */
    record NotAssessable(String needs) implements Verdict {}

    /** Something that was given says no. */
    record NotMet() implements Verdict {}

    /** Stable. */
    default String code() {
        return switch (this) {
            case Measured ignored -> "measured";
            case Declared ignored -> "declared";
            case NotAssessable ignored -> "not-assessable";
            case NotMet ignored -> "not-met";
        };
    }

    /** Whether it holds, by the records or by somebody's word. */
    default boolean holds() {
        return switch (this) {
            case Measured ignored -> true;
            case Declared ignored -> true;
            case NotAssessable ignored -> false;
            case NotMet ignored -> false;
        };
    }

    /** The larger, the weaker: of several answers the weakest is that of the whole. */
    default int weakness() {
        return switch (this) {
            case Measured ignored -> 0;
            case Declared ignored -> 1;
            case NotAssessable ignored -> 2;
            case NotMet ignored -> 3;
        };
    }
}
