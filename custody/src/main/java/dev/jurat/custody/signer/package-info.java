/** A process that keeps keys for others and signs their records, and how it is asked ({@code docs/operate/custody.md}). */
@NullMarked
package dev.jurat.custody.signer;

import org.jspecify.annotations.NullMarked;
