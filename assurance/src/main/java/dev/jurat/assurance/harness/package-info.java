/** Real processes for suites and measurements: nodes, wrappers, servers, clients, terminals, and a proxy that breaks on purpose. */
@NullMarked
package dev.jurat.assurance.harness;

import org.jspecify.annotations.NullMarked;
