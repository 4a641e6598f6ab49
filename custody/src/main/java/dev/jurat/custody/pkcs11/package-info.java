/** Keys in a PKCS#11 token: version 2.40 of the interface, with Ed25519 as version 3.0 has it, by the foreign function interface. */
@NullMarked
package dev.jurat.custody.pkcs11;

import org.jspecify.annotations.NullMarked;
