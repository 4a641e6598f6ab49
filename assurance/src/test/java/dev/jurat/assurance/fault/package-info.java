/** What must hold while parts of the system fail. */
@NullMarked
package dev.jurat.assurance.fault;

import org.jspecify.annotations.NullMarked;
