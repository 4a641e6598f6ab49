/** Bad input at every door: HTTP, command line, stdio, files. */
@NullMarked
package dev.jurat.assurance.door;

import org.jspecify.annotations.NullMarked;
