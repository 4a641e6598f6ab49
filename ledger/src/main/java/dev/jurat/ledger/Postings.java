package dev.jurat.ledger;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The rows of terms that one transaction changes, each read once and written once. For one thread. */
final class Postings {
    /** Beyond this, rows are written before the transaction ends. */
    private static final int ROWS_MAX = 50_000;

    private final Rows rows;
    private final Map<Row, ActSet> changed = new HashMap<>();

    /** One row: a term, and the block. */
    record Row(String term, long block) {}

    /** Where the rows are. */
    interface Rows {
        Optional<byte[]> read(Row row) throws SQLException;

        void write(Row row, Optional<byte[]> acts) throws SQLException;
    }

    Postings(Rows rows) {
        this.rows = rows;
    }

    void put(String term, long act, boolean there) throws SQLException {
        Row row = new Row(term, act / ActSet.BLOCK);
        ActSet set = changed.get(row);
        if (set == null) {
            if (changed.size() >= ROWS_MAX) {
                flush();
            }
            set = rows.read(row).map(ActSet::read).orElseGet(ActSet::ofBlock);
            changed.put(row, set);
        }
        set.set((int) (act % ActSet.BLOCK), there);
    }

    void flush() throws SQLException {
        for (Map.Entry<Row, ActSet> one : changed.entrySet()) {
            rows.write(one.getKey(), one.getValue().bytes());
        }
        changed.clear();
    }

    /** Forgets what was not written. */
    void drop() {
        changed.clear();
    }
}
