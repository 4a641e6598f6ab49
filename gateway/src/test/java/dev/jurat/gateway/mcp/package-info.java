@NullMarked
package dev.jurat.gateway.mcp;

import org.jspecify.annotations.NullMarked;
