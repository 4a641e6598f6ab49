@NullMarked
package dev.jurat.custody.kms;

import org.jspecify.annotations.NullMarked;
