@NullMarked
package dev.jurat.proof.log;

import org.jspecify.annotations.NullMarked;
