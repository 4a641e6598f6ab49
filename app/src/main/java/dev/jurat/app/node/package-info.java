/** One node: ledger, governance, broker and doors over one data folder. */
@NullMarked
package dev.jurat.app.node;

import org.jspecify.annotations.NullMarked;
