@NullMarked
package dev.jurat.app.client;

import org.jspecify.annotations.NullMarked;
