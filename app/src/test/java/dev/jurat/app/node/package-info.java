@NullMarked
package dev.jurat.app.node;

import org.jspecify.annotations.NullMarked;
