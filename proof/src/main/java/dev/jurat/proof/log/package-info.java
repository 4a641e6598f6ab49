/** The transparency log's formats and proofs: RFC 6962 trees, C2SP tiles, signed notes, checkpoints and proof files. */
@NullMarked
package dev.jurat.proof.log;

import org.jspecify.annotations.NullMarked;
