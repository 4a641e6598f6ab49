/** The command line: one class per command, exit codes, tables and JSON. */
@NullMarked
package dev.jurat.app.cli;

import org.jspecify.annotations.NullMarked;
