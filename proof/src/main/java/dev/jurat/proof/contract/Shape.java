package dev.jurat.proof.contract;

import dev.jurat.proof.crypto.Hash;

/** How much one grant covers. */
public sealed interface Shape {
    /** One call, given by its commitment (see {@link Call}), once. */
    record Exact(Hash call) implements Shape {}

    /** Any call within targets and limits, as many times as the grant says. */
    record Ranged() implements Shape {}
}
