/** Real MCP servers and clients from npm, for tests. */
@NullMarked
package dev.jurat.testkit.npm;

import org.jspecify.annotations.NullMarked;
