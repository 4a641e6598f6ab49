package dev.jurat.ledger.store;

/** What the folder holds of a record's body. */
public sealed interface KeptBody {
    /** The body, as it was sealed. */
    record Whole(byte[] bytes) implements KeptBody {}

    /** Nothing: the record has none, it was erased, or its key was not brought along. */
    record None() implements KeptBody {}

    /**
     * Its key without its bytes, or these without their key, as an erasure leaves it for a while, and a restoring with older keys: whether one did is for the
     * log to say.
     */
    record Half() implements KeptBody {}

    /** A key, but not the bytes that were sealed under it: no erasure leaves that behind. */
    record Damaged() implements KeptBody {}
}
