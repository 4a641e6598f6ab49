@NullMarked
package dev.jurat.sdk;

import org.jspecify.annotations.NullMarked;
