@NullMarked
package dev.jurat.custody;

import org.jspecify.annotations.NullMarked;
