@NullMarked
package dev.jurat.testkit;

import org.jspecify.annotations.NullMarked;
