/** The guided tour: real processes, a real MCP server, a real folder. */
@NullMarked
package dev.jurat.app.demo;

import org.jspecify.annotations.NullMarked;
