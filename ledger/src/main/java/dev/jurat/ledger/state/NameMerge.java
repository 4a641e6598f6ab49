package dev.jurat.ledger.state;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Makes one run of several, a step at a time: others wait for a step at most. What it writes counts for nothing before it is whole. */
final class NameMerge {
    private static final int BLOCKS_A_STEP = 128;

    private final Database database;
    private final List<NameRun> runs;
    private final long id;
    private final List<NameRun.Reader> readers = new ArrayList<>();
    private final NameRun.Writer writer;

    NameMerge(Database database, List<NameRun> runs, long id) throws SQLException {
        this.database = database;
        this.runs = runs;
        this.id = id;
        this.writer = new NameRun.Writer(database, id);
        for (NameRun run : runs) {
            readers.add(new NameRun.Reader(database, run));
        }
    }

    /** Goes on for a step, as one transaction; answers whether there is more to do. */
    boolean step() throws SQLException {
        database.transaction(() -> {
            int until = writer.blocks() + BLOCKS_A_STEP;
            while (writer.blocks() < until && putNext()) {}
        });
        return !readers.isEmpty();
    }

    private boolean putNext() throws SQLException {
        NameRun.Reader least = null;
        for (int i = readers.size() - 1; i >= 0; i--) {
            NameRun.Reader reader = readers.get(i);
            if (!reader.hasName()) {
                readers.remove(i);
            } else if (least == null || isBefore(reader, least)) {
                least = reader;
            }
        }
        if (least == null) {
            writer.flush();
            return false;
        }
        writer.put(least.name(), least.leaf());
        least.next();
        return true;
    }

    private static boolean isBefore(NameRun.Reader one, NameRun.Reader other) {
        return one.name() < other.name() || (one.name() == other.name() && one.leaf() < other.leaf());
    }

    long id() {
        return id;
    }

    /** The runs that it is made of. */
    List<NameRun> runs() {
        return runs;
    }

    /** The run that it has made. */
    NameRun merged() throws SQLException {
        writer.close();
        return new NameRun(id, writer.count());
    }
}
