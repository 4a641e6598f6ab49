/** Signing keys that live in a TPM 2.0: its commands, sessions and devices, and the evidence that a key is there. */
@NullMarked
package dev.jurat.tpm;

import org.jspecify.annotations.NullMarked;
