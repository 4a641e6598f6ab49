@NullMarked
package dev.jurat.proof.verify;

import org.jspecify.annotations.NullMarked;
