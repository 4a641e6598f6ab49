@NullMarked
package dev.jurat.custody.tpm;

import org.jspecify.annotations.NullMarked;
