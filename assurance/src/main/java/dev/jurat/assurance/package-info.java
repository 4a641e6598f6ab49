@NullMarked
package dev.jurat.assurance;

import org.jspecify.annotations.NullMarked;
