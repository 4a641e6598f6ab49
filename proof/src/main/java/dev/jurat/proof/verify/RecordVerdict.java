package dev.jurat.proof.verify;

/** The first verdict: is the record of an action sound, that is genuine, chained, in the log, and admitted by the rules? */
public sealed interface RecordVerdict {
    /** Every record of the action is. */
    record Sound() implements RecordVerdict {}

    /** One is not, or the log that holds them is not the one that was signed; the code is the first defect's. */
    record Unsound(String code) implements RecordVerdict {}
}
