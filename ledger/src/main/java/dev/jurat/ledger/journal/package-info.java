@NullMarked
package dev.jurat.ledger.journal;

import org.jspecify.annotations.NullMarked;
