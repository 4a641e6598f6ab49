package dev.jurat.ledger;

/** What waits for the sequencer. */
sealed interface Work permits Pending, Chore {
    /** Tells whoever waits that the ledger has stopped. */
    void stopped(String code);
}
