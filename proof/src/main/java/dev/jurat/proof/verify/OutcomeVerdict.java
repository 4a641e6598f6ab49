package dev.jurat.proof.verify;

import dev.jurat.proof.record.ExecutionFacts;

/** The third verdict: does the recorded outcome agree with the use? */
public sealed interface OutcomeVerdict {
    /** There was no use, so nothing was to come of it: a denial, or the whole log shows it. */
    record NothingRan() implements OutcomeVerdict {}

    /** The enforcement point of the use recorded one outcome that fits it. */
    record Agrees(ExecutionFacts.Result result, Timing timing) implements OutcomeVerdict {}

    /** Nobody knows how it ended; the code is {@code unknown}, {@code incomplete} or {@code not-shown}. */
    record Unknown(String code) implements OutcomeVerdict {}

    /** What is recorded contradicts the use or itself. */
    record Disagrees(String code) implements OutcomeVerdict {}

    /** Nothing is said: the records are not sound. */
    record NotJudged() implements OutcomeVerdict {}
}
