package dev.jurat.app.node;

import dev.jurat.ledger.witness.WitnessConfig;

/** Which witnesses a start of a node takes; the data folder keeps it for the next one. */
public sealed interface WitnessChoice {
    /** Those of the start before; of a folder that has kept none, nobody. */
    record Kept() implements WitnessChoice {}

    /** These, from now on. */
    record Given(WitnessConfig config) implements WitnessChoice {}

    /** Nobody, from now on. */
    record Nobody() implements WitnessChoice {}
}
