@NullMarked
package dev.jurat.governance;

import org.jspecify.annotations.NullMarked;
