@NullMarked
package dev.jurat.proof.crypto;

import org.jspecify.annotations.NullMarked;
