/** Where private keys are kept: one port, and what all of its kinds have in common. */
@NullMarked
package dev.jurat.custody;

import org.jspecify.annotations.NullMarked;
