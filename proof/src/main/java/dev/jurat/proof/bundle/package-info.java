@NullMarked
package dev.jurat.proof.bundle;

import org.jspecify.annotations.NullMarked;
