package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the index behind the log: one writer that reads records in order, off the acknowledgement path. A fault of the index stops the
 * index alone; it says so until it is made again. Thread-safe.
 */
final class Indexer implements AutoCloseable {
    private static final int BATCH = 2048;
    private static final int BATCH_BODY_BYTES = 8 << 20;

    private final Source source;
    private final LongSupplier size;
    private final Names names;
    private final WordKeys keys;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final ReentrantLock reading = new ReentrantLock();
    private final String url;
    private final Hash log;
    private final boolean shared;
    private ActionIndex writer;
    private ActionIndex reader;
    private Projection projection;
    private WordKey wanted;
    private boolean building;
    /** Whether it was not whole when it was opened. */
    private boolean unfinished;

    private volatile long indexed;
    private volatile boolean stopping;
    private volatile @Nullable String fault;

    /** Reads a durable record. */
    @FunctionalInterface
    interface Source {
        StoredRecord read(long index) throws IOException;
    }

    /**
     * Opens the index.
     *
     * @param url a JDBC address; an index in memory serves reading and writing by one connection
     */
    Indexer(String url, Hash log, WordKeys keys, Source source, LongSupplier size, Names names)
            throws SQLException, IOException {
        this.url = url;
        this.log = log;
        this.keys = keys;
        this.source = source;
        this.size = size;
        this.names = names;
        this.shared = url.contains(":memory:");
        byte[] key = keys.key();
        this.wanted = new WordKey(key);
        this.writer = ActionIndex.open(url, name());
        this.reader = shared ? writer : ActionIndex.open(url, name());
        this.projection = new Projection(writer, new WordKey(key));
        if (writer.next() > size.getAsLong()) {
            writer.clear();
        }
        this.indexed = writer.next();
        this.building = indexed == 0 || writer.isBuilding();
        this.unfinished = building;
        if (building != writer.isBuilding()) {
            writer.putBuilding(building);
        }
        projection.startAt(writer.atMillis());
    }

    /** What an index has to be of: this log, and the key there is. */
    private String name() {
        return log.hex() + " " + wanted.name();
    }

    long indexed() {
        return indexed;
    }

    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Reads no further than the batch that is being read: what is left comes after the next opening. */
    void stop() {
        stopping = true;
    }

    /** Reads on to the log's present size. */
    void catchUp() {
        catchUp((at, all) -> {});
    }

    private void catchUp(Ledger.Progress progress) {
        while (!stopping && fault == null && indexed < size.getAsLong()) {
            // Let go of between two batches: an erasure does not wait for all of a long log.
            writing.lock();
            try {
                readBatch();
            } catch (SQLException | IOException | RuntimeException e) {
                fault = "index: " + e.getMessage();
            } finally {
                writing.unlock();
            }
            progress.at(indexed, size.getAsLong());
        }
    }

    private void readBatch() throws SQLException, IOException {
        List<StoredRecord> batch = read(indexed, Math.min(size.getAsLong(), indexed + BATCH));
        if (batch.isEmpty()) {
            return;
        }
        long end = indexed + batch.size();
        change(() -> writer.transaction(end, () -> {
            for (StoredRecord record : batch) {
                projection.read(record);
            }
            return projection.atMillis();
        }));
        // A crash here leaves names that the index has too.
        indexed = end;
        names.forgetBelow(end);
        if (building && end == size.getAsLong()) {
            change(() -> writer.putBuilding(false));
            building = false;
        }
    }

    /** A change that nobody reads beside who shares the connection. */
    private void change(Change change) throws SQLException {
        @Nullable ReentrantLock other = shared ? reading : null;
        if (other != null) {
            other.lock();
        }
        try {
            change.make();
        } finally {
            if (other != null) {
                other.unlock();
            }
        }
    }

    @FunctionalInterface
    private interface Change {
        void make() throws SQLException;
    }

    private List<StoredRecord> read(long from, long to) throws IOException {
        List<StoredRecord> records = new ArrayList<>();
        long bytes = 0;
        for (long i = from; i < to && bytes < BATCH_BODY_BYTES; i++) {
            records.add(source.read(i));
            bytes += records.getLast().body().map(body -> body.length).orElse(0);
        }
        return records;
    }

    /** What destroys bodies. */
    @FunctionalInterface
    interface Destruction {
        void run() throws IOException;
    }

    /**
     * Takes out of the index what it has from the bodies of these records, then has them destroyed. Nothing is read in between, so that none
     * of it comes back. An index in which that cannot be done is thrown away first, and made again by whoever reads on.
     */
    void erase(Set<Long> bodies, Destruction destruction) throws IOException {
        writing.lock();
        reading.lock();
        try {
            try {
                new ErasedRows(writer, source, bodies).takeOut();
            } catch (SQLException e) {
                startOver();
            }
            destruction.run();
        } catch (SQLException e) {
            throw new IOException("the index has what is to be erased, and cannot be thrown away", e);
        } finally {
            reading.unlock();
            writing.unlock();
        }
    }

    /**
     * Throws the index away and makes it again from entries and bodies; one that was not whole when it was opened is gone on with.
     *
     * @param afresh whether that one is thrown away too
     */
    void rebuild(boolean afresh, Ledger.Progress progress) throws SQLException, IOException {
        writing.lock();
        reading.lock();
        try {
            if (afresh || !unfinished || fault != null) {
                startOver();
            }
            unfinished = false;
        } finally {
            reading.unlock();
            writing.unlock();
        }
        catchUp(progress);
    }

    /** The file too, and not its rows alone: it may be the file that is damaged. */
    private void startOver() throws SQLException, IOException {
        closeBoth();
        ActionIndex.delete(url);
        byte[] key = keys.renew();
        wanted = new WordKey(key);
        writer = ActionIndex.open(url, name());
        reader = shared ? writer : ActionIndex.open(url, name());
        projection = new Projection(writer, new WordKey(key));
        projection.startAt(0);
        writer.putBuilding(true);
        building = true;
        indexed = 0;
        fault = null;
    }

    // ---- reading

    /** A question to the index. */
    @FunctionalInterface
    interface Question<T> {
        T ask(ActionIndex index) throws SQLException;
    }

    <T> T ask(Question<T> question) throws SQLException {
        reading.lock();
        try {
            return shared ? question.ask(reader) : reader.snapshot(question);
        } finally {
            reading.unlock();
        }
    }

    OptionalLong find(Hash id) throws SQLException {
        return ask(index -> index.find(id));
    }

    ActionPage search(Query query) throws SQLException {
        return ask(index -> index.search(query, wanted.tokens(query.words())));
    }

    @Override
    public void close() throws SQLException {
        writing.lock();
        reading.lock();
        try {
            closeBoth();
        } finally {
            reading.unlock();
            writing.unlock();
        }
    }

    private void closeBoth() throws SQLException {
        reader.close();
        if (!shared) {
            writer.close();
        }
    }
}
