@NullMarked
package dev.jurat.app;

import org.jspecify.annotations.NullMarked;
