package dev.jurat.ledger.store;

import java.io.IOException;

/** The bytes of leaves that were read before. */
@FunctionalInterface
public interface LeafSource {
    byte[] leaf(long index) throws IOException;
}
