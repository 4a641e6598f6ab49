@NullMarked
package dev.jurat.custody.software;

import org.jspecify.annotations.NullMarked;
