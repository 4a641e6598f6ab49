/** Configuration files of MCP clients, edited in place and undone. */
@NullMarked
package dev.jurat.app.client;

import org.jspecify.annotations.NullMarked;
