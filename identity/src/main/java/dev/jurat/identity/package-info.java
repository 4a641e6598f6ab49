@NullMarked
package dev.jurat.identity;

import org.jspecify.annotations.NullMarked;
