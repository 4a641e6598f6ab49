/** A whole log, read from outside leaf by leaf: whether it is one that the rules allow, under the root that it signed. */
@NullMarked
package dev.jurat.proof.audit;

import org.jspecify.annotations.NullMarked;
