@NullMarked
package dev.jurat.ledger.store;

import org.jspecify.annotations.NullMarked;
