package dev.jurat.ledger.state;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Names in order in a table of their own, written once.
 *
 * @param count how many
 */
record NameRun(long id, long count) {
    private static final int BLOCKS_AT_ONCE = 32;
    private static final int TIER_NAMES = 4096;

    static final String PREFIX = "run_";

    String table() {
        return PREFIX + id;
    }

    /** How often four of its like were merged, as its size has it. */
    int tier() {
        return Math.max(0, (Long.SIZE - 1 - Long.numberOfLeadingZeros(count / TIER_NAMES | 1)) / 2);
    }

    /** Writes a run, names in order. */
    static final class Writer {
        private final PreparedStatement insert;
        private long[] names = new long[NameBlock.NAMES];
        private long[] leaves = new long[NameBlock.NAMES];
        private int gathered;
        private long count;
        private int blocks;

        Writer(Database database, long id) throws SQLException {
            String table = PREFIX + id;
            database.run("create table " + table + " (first integer primary key, names blob not null)");
            this.insert = database.prepareOnce("insert into " + table + " (first, names) values (?, ?)");
        }

        void put(long name, long leaf) throws SQLException {
            boolean other = gathered == 0 || names[gathered - 1] != name;
            if (!other && leaves[gathered - 1] == leaf) {
                return;
            }
            if (other && gathered >= NameBlock.NAMES) {
                flush();
            }
            if (gathered == names.length) {
                names = Arrays.copyOf(names, 2 * gathered);
                leaves = Arrays.copyOf(leaves, 2 * gathered);
            }
            names[gathered] = name;
            leaves[gathered] = leaf;
            gathered++;
        }

        void flush() throws SQLException {
            if (gathered > 0) {
                insert.setLong(1, names[0]);
                insert.setBytes(2, NameBlock.encode(names, leaves, gathered));
                insert.executeUpdate();
                count += gathered;
                blocks++;
                gathered = 0;
            }
        }

        long count() {
            return count;
        }

        int blocks() {
            return blocks;
        }

        void close() throws SQLException {
            insert.close();
        }
    }

    /** Reads a run from its beginning, some blocks at a time: in between, nothing is held that others would wait for. */
    static final class Reader {
        private final Database database;
        private final String select;
        private final Deque<ByteBuffer> blocks = new ArrayDeque<>();
        private long from = Long.MIN_VALUE;
        private boolean last;
        private long left;
        private ByteBuffer block = ByteBuffer.allocate(0);
        private int at;
        private int count;

        Reader(Database database, NameRun run) {
            this.database = database;
            this.left = run.count();
            this.select = "select first, names from " + run.table() + " where first >= ? order by first limit "
                    + BLOCKS_AT_ONCE;
        }

        /** Whether there is a name; it is read from the file if it has to be. */
        boolean hasName() throws SQLException {
            if (at < count) {
                return true;
            }
            if (blocks.isEmpty() && !last) {
                fill();
            }
            if (blocks.isEmpty()) {
                if (left != 0) {
                    throw new DamagedException("a run of names has not as many as were written");
                }
                return false;
            }
            block = blocks.remove();
            count = NameBlock.count(block);
            left -= count;
            at = 0;
            return true;
        }

        private void fill() throws SQLException {
            try (PreparedStatement statement = database.prepareOnce(select)) {
                statement.setLong(1, from);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        from = rows.getLong(1) + 1;
                        blocks.add(NameBlock.read(rows.getBytes(2)));
                    }
                }
            }
            last = blocks.size() < BLOCKS_AT_ONCE;
        }

        long name() {
            return NameBlock.name(block, at);
        }

        long leaf() {
            return NameBlock.leaf(block, at);
        }

        void next() {
            at++;
        }
    }
}
