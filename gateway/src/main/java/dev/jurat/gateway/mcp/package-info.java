/** The MCP enforcement point: the byte pump, the closed message table, and the wrapper of a stdio server. */
@NullMarked
package dev.jurat.gateway.mcp;

import org.jspecify.annotations.NullMarked;
