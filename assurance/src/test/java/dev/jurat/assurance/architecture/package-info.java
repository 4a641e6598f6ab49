@NullMarked
package dev.jurat.assurance.architecture;

import org.jspecify.annotations.NullMarked;
