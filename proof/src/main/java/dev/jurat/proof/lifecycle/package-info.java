@NullMarked
package dev.jurat.proof.lifecycle;

import org.jspecify.annotations.NullMarked;
