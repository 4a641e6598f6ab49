@NullMarked
package dev.jurat.app.witness;

import org.jspecify.annotations.NullMarked;
