/** The ledger's side of witnesses: asks them to cosign, keeps what they signed, and halts the ledger where they have seen another log. */
@NullMarked
package dev.jurat.ledger.witness;

import org.jspecify.annotations.NullMarked;
