@NullMarked
package dev.jurat.ledger.storage;

import org.jspecify.annotations.NullMarked;
