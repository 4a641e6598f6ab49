@NullMarked
package dev.jurat.app.signer;

import org.jspecify.annotations.NullMarked;
