@NullMarked
package dev.jurat.app.cli;

import org.jspecify.annotations.NullMarked;
