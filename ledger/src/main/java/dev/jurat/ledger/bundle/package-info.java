/** Proof bundles out of a ledger. */
@NullMarked
package dev.jurat.ledger.bundle;

import org.jspecify.annotations.NullMarked;
