@NullMarked
package dev.jurat.ledger;

import org.jspecify.annotations.NullMarked;
