@NullMarked
package dev.jurat.proof.json;

import org.jspecify.annotations.NullMarked;
