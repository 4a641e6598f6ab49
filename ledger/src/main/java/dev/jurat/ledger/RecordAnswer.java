package dev.jurat.ledger;

import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.RecordId;
import java.util.Set;

/** What became of one record; durable when it is given. */
public sealed interface RecordAnswer {
    RecordId id();

    /** Where the record is, or for a refused one the ledger's record of its refusal. */
    LeafIndex index();

    /** It is in the log now. */
    record Admitted(RecordId id, LeafIndex index, Set<Flag> flags) implements RecordAnswer {}

    /**
     * It was there before: the first answer stands, and nothing that it would set off is to be done again.
     *
     * @param refused whether that answer was a refusal
     */
    record Present(RecordId id, LeafIndex index, boolean refused) implements RecordAnswer {}

    /** It is genuine and used its number, but a rule forbids it. */
    record Refused(RecordId id, LeafIndex index, Rule rule) implements RecordAnswer {}
}
