/** Digests, signature suites and keys, and the encodings that signed bytes are made of. */
@NullMarked
package dev.jurat.proof.crypto;

import org.jspecify.annotations.NullMarked;
