/** What a log has come to: standings by leaf, the tree over them whose root the ledger states, and proofs of a part of it. */
@NullMarked
package dev.jurat.proof.state;

import org.jspecify.annotations.NullMarked;
