/** What the measurements reckon with. */
@NullMarked
package dev.jurat.assurance.bench;

import org.jspecify.annotations.NullMarked;
