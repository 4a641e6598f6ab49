/** The doors of a node: a Unix socket for writing and queries, loopback TCP for tiles. */
@NullMarked
package dev.jurat.app.http;

import org.jspecify.annotations.NullMarked;
