/** What a log that takes the place of another says of it, and what of that holds: {@code docs/spec/predecessor.md}. */
@NullMarked
package dev.jurat.proof.predecessor;

import org.jspecify.annotations.NullMarked;
