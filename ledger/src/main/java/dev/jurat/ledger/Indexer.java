package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import java.io.IOException;
import java.sql.SQLException;
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
    private static final int BATCH = 256;

    private final Source source;
    private final LongSupplier size;
    private final Names names;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final ReentrantLock reading = new ReentrantLock();
    private final String url;
    private final Hash log;
    private final boolean shared;
    private ActionIndex writer;
    private ActionIndex reader;
    private Projection projection;
    private volatile long indexed;
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
    Indexer(String url, Hash log, Source source, LongSupplier size, Names names) throws SQLException {
        this.url = url;
        this.log = log;
        this.source = source;
        this.size = size;
        this.names = names;
        this.shared = url.contains(":memory:");
        this.writer = ActionIndex.open(url, log);
        this.reader = shared ? writer : ActionIndex.open(url, log);
        this.projection = new Projection(writer);
        if (writer.next() > size.getAsLong()) {
            writer.clear();
        }
        this.indexed = writer.next();
        projection.startAt(writer.atMillis());
    }

    long indexed() {
        return indexed;
    }

    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Reads on to the log's present size. */
    void catchUp() {
        while (fault == null && indexed < size.getAsLong()) {
            // Let go of between two batches: an erasure does not wait for all of a long log.
            writing.lock();
            try {
                if (indexed < size.getAsLong()) {
                    readBatch();
                }
            } catch (SQLException | IOException | RuntimeException e) {
                fault = "index: " + e.getMessage();
            } finally {
                writing.unlock();
            }
        }
    }

    private void readBatch() throws SQLException, IOException {
        long end = Math.min(size.getAsLong(), indexed + BATCH);
        List<StoredRecord> batch = read(indexed, end);
        @Nullable ReentrantLock other = shared ? reading : null;
        if (other != null) {
            other.lock();
        }
        try {
            writer.transaction(end, () -> {
                for (StoredRecord record : batch) {
                    projection.read(record);
                }
                return projection.atMillis();
            });
        } finally {
            if (other != null) {
                other.unlock();
            }
        }
        indexed = end;
        names.forgetBelow(end);
    }

    private List<StoredRecord> read(long from, long to) throws IOException {
        List<StoredRecord> records = new java.util.ArrayList<>();
        for (long i = from; i < to; i++) {
            records.add(source.read(i));
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
     * of it comes back. An index in which that cannot be done is thrown away first.
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
        if (indexed == 0) {
            catchUp();
        }
    }

    /** Throws the index away and makes it again from entries and bodies. */
    void rebuild() throws SQLException {
        writing.lock();
        reading.lock();
        try {
            startOver();
        } finally {
            reading.unlock();
            writing.unlock();
        }
        catchUp();
    }

    /** The file too, and not its rows alone: it may be the file that is damaged. */
    private void startOver() throws SQLException {
        close();
        ActionIndex.delete(url);
        writer = ActionIndex.open(url, log);
        reader = shared ? writer : ActionIndex.open(url, log);
        projection = new Projection(writer);
        projection.startAt(0);
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
            return question.ask(reader);
        } finally {
            reading.unlock();
        }
    }

    OptionalLong find(Hash id) throws SQLException {
        return ask(index -> index.find(id));
    }

    @Override
    public void close() throws SQLException {
        writing.lock();
        reading.lock();
        try {
            reader.close();
            if (!shared) {
                writer.close();
            }
        } finally {
            reading.unlock();
            writing.unlock();
        }
    }
}
