@NullMarked
package dev.jurat.custody.signer;

import org.jspecify.annotations.NullMarked;
