/** Keys in a key service that is reached by HTTP. */
@NullMarked
package dev.jurat.custody.kms;

import org.jspecify.annotations.NullMarked;
