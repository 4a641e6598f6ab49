/** Keys in files of this machine, each under a passphrase. */
@NullMarked
package dev.jurat.custody.software;

import org.jspecify.annotations.NullMarked;
