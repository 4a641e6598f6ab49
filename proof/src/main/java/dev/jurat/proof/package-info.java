@NullMarked
package dev.jurat.proof;

import org.jspecify.annotations.NullMarked;
