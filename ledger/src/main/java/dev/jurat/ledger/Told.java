package dev.jurat.ledger;

import dev.jurat.proof.record.RecordId;
import java.util.OptionalLong;

/** Finds the leaf that tells of a record which has none of its own, since it was refused or conflicts with another. */
@FunctionalInterface
interface Told {
    OptionalLong at(RecordId id);
}
