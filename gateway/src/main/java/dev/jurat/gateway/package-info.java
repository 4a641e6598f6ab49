@NullMarked
package dev.jurat.gateway;

import org.jspecify.annotations.NullMarked;
