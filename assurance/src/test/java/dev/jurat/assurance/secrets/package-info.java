/** The key itself under attack: whether a secret is where it should not be, and who can read a process's memory. */
@NullMarked
package dev.jurat.assurance.secrets;

import org.jspecify.annotations.NullMarked;
