package dev.jurat.ledger.state;

import java.sql.SQLException;

/** What the store reads is not what it wrote. */
final class DamagedException extends SQLException {
    private static final long serialVersionUID = 1L;

    DamagedException(String what) {
        super(what);
    }
}
