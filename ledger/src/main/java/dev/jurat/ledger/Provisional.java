package dev.jurat.ledger;

import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The sequencer's answer, in which the places of records that were there long before may still be open. */
sealed interface Provisional {
    /** Nothing left to find out. */
    record Final(GroupAnswer answer) implements Provisional {}

    /** Judged and durable. */
    record Judged(RecordId clock, TreeSize size, List<Verdict> verdicts) implements Provisional {}

    /** One record's fate. */
    sealed interface Verdict {
        record Admitted(RecordId id, long index, Set<Flag> flags) implements Verdict {}

        record Refused(RecordId id, long index, Rule rule) implements Verdict {}

        /** The index is known only if it is recent. */
        record Present(RecordId id, OptionalLong index, boolean refused) implements Verdict {}
    }
}
