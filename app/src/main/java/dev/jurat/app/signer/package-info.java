/** A signer's folder: which custody its keys are in, and the rules for each. */
@NullMarked
package dev.jurat.app.signer;

import org.jspecify.annotations.NullMarked;
