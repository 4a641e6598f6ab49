/** How far a log, or a bundle of it, meets AG-016, derived from what the audit and the verifier yield. Pure. */
@NullMarked
package dev.jurat.proof.assess;

import org.jspecify.annotations.NullMarked;
