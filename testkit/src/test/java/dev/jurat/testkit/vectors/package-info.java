@NullMarked
package dev.jurat.testkit.vectors;

import org.jspecify.annotations.NullMarked;
