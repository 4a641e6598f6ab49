/** Measurements of whole paths, each part a process of its own. What they found stands in {@code docs/internals/performance.md}. */
@NullMarked
package dev.jurat.assurance.bench;

import org.jspecify.annotations.NullMarked;
