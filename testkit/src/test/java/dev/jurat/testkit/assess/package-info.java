@NullMarked
package dev.jurat.testkit.assess;

import org.jspecify.annotations.NullMarked;
