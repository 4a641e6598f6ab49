package dev.jurat.ledger;

/** What a data folder is before anything in it is touched. */
public enum FolderState {
    /** It holds nothing of a log. */
    EMPTY,
    /** The creation of a ledger was begun and not ended: nothing was ever acknowledged there, and creating starts over. */
    BEGUN,
    /** It holds a ledger. */
    LEDGER
}
