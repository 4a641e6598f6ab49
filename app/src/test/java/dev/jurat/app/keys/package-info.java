@NullMarked
package dev.jurat.app.keys;

import org.jspecify.annotations.NullMarked;
