/** Whole paths: a real client, the wrapper, a real MCP server, a node; all of them processes of their own. */
@NullMarked
package dev.jurat.assurance.endtoend;

import org.jspecify.annotations.NullMarked;
