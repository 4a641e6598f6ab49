@NullMarked
package dev.jurat.custody.pkcs11;

import org.jspecify.annotations.NullMarked;
