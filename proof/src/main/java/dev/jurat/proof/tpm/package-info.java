/** What a TPM 2.0 says of a key that lives in it, and the check of that ({@code docs/spec/tpm.md}). */
@NullMarked
package dev.jurat.proof.tpm;

import org.jspecify.annotations.NullMarked;
