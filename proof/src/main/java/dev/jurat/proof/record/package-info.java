@NullMarked
package dev.jurat.proof.record;

import org.jspecify.annotations.NullMarked;
