/** Readers, witnesses and test vectors that others wrote. */
@NullMarked
package dev.jurat.assurance.foreign;

import org.jspecify.annotations.NullMarked;
