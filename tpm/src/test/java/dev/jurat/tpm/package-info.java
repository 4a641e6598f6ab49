@NullMarked
package dev.jurat.tpm;

import org.jspecify.annotations.NullMarked;
