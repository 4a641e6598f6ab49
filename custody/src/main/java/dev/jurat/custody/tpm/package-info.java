/** Keys in a TPM 2.0: the custody, and the commands, sessions and devices that it needs. */
@NullMarked
package dev.jurat.custody.tpm;

import org.jspecify.annotations.NullMarked;
