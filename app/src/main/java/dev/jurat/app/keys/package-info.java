/** Keys at rest: a node's own, and those of people under a passphrase. */
@NullMarked
package dev.jurat.app.keys;

import org.jspecify.annotations.NullMarked;
