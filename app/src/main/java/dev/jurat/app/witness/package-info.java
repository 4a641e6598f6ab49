/** A witness: cosigns the checkpoints of logs that it is told of, as long as each extends the one before. */
@NullMarked
package dev.jurat.app.witness;

import org.jspecify.annotations.NullMarked;
