/** What a ledger keeps of its state on disk: to begin there instead of at leaf 0, and to find again what it let go of. */
@NullMarked
package dev.jurat.ledger.state;

import org.jspecify.annotations.NullMarked;
