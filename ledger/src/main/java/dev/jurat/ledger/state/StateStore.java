package dev.jurat.ledger.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Changes;
import dev.jurat.proof.state.Chunks;
import dev.jurat.proof.state.StateChunk;
import dev.jurat.proof.state.StateTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * What a ledger keeps of its state on disk: standings, what its lifecycle needs beside them, and the names of its leaves. All of it follows from the
 * log: a store that is damaged, of another version or not of this log is thrown away, and made again from leaf 0.
 *
 * <p>One thread saves, any may read. After an exception from a save the store is opened anew. A digest beside each row tells damage, not malice:
 * whoever can write these files can write the keys beside them.
 */
public final class StateStore implements Closeable {
    private static final String STATE = "state.db";
    private static final String NAMES = "names.db";
    private static final Set<SQLiteErrorCode> UNREADABLE =
            EnumSet.of(SQLiteErrorCode.SQLITE_NOTADB, SQLiteErrorCode.SQLITE_CORRUPT);

    private static final byte[] NOTHING = {};
    private static final int RECENT_CHUNKS_MAX = 64;

    private final Optional<Path> folder;
    private final NameFile names;
    private final StateFile writer;
    private final StateFile reader;
    private final ReentrantLock reading = new ReentrantLock();
    /** Held while the tree changes, so that what is asked as of a size is all of that size. */
    private final ReentrantReadWriteLock tree = new ReentrantReadWriteLock();

    /** Chunks that standings were asked of lately. */
    private final Map<Long, StateChunk> recent = new LinkedHashMap<>(RECENT_CHUNKS_MAX, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, StateChunk> eldest) {
            return size() > RECENT_CHUNKS_MAX;
        }
    };

    private StateTree newest;
    private @Nullable StateTree before;
    private long size;
    private @Nullable String broken;
    private String discarded = "";

    private StateStore(Optional<Path> folder, NameFile names, StateFile writer, StateFile reader) throws SQLException {
        this.folder = folder;
        this.names = names;
        this.writer = writer;
        this.reader = reader;
        writer.requireOwn(names.identity());
        Optional<StateFile.Head> head = writer.newest();
        this.size = head.map(StateFile.Head::size).orElse(0L);
        try {
            this.newest = new StateTree(new NewestChunks(), writer.hashes(), size);
        } catch (IllegalArgumentException e) {
            throw new DamagedException("the state has another number of chunks");
        }
        if (head.isPresent() && !head.get().stateRoot().equals(newest.root())) {
            throw new DamagedException("the state has another root than was saved");
        }
        if (names.size() < size) {
            throw new DamagedException("the state goes further than its names");
        }
    }

    /** Opens the store in a folder, or makes it. */
    public static StateStore open(Path folder) throws IOException {
        try {
            return openAsItIs(folder);
        } catch (SQLException e) {
            if (!isDamage(e)) {
                throw new IOException("the store of the state: " + e.getMessage(), e);
            }
            delete(folder);
            try {
                StateStore store = openAsItIs(folder);
                store.discarded = String.valueOf(e.getMessage());
                return store;
            } catch (SQLException again) {
                throw new IOException("the store of the state: " + again.getMessage(), again);
            }
        }
    }

    private static StateStore openAsItIs(Path folder) throws SQLException, IOException {
        if (!Files.exists(folder.resolve(STATE))) {
            Database.delete(folder.resolve(NAMES));
        }
        return open(Optional.of(folder), Database.url(folder.resolve(NAMES)), Database.url(folder.resolve(STATE)));
    }

    /** A store that goes with its process: for logs that are in memory too. */
    public static StateStore inMemory() throws IOException {
        try {
            return open(Optional.empty(), Database.IN_MEMORY, Database.IN_MEMORY);
        } catch (SQLException e) {
            throw new IOException("the store of the state: " + e.getMessage(), e);
        }
    }

    private static StateStore open(Optional<Path> folder, String namesUrl, String stateUrl) throws SQLException {
        NameFile names = NameFile.open(namesUrl);
        StateFile writer = null;
        StateFile reader = null;
        try {
            writer = new StateFile(stateUrl);
            reader = folder.isPresent() ? new StateFile(stateUrl) : writer;
            return new StateStore(folder, names, writer, reader);
        } catch (SQLException | RuntimeException e) {
            names.close();
            if (writer != null) {
                writer.close();
            }
            if (reader != null) {
                reader.close();
            }
            throw e;
        }
    }

    private static void delete(Path folder) throws IOException {
        // A crash in between leaves names without a state, which are thrown away too.
        Database.delete(folder.resolve(STATE));
        Database.delete(folder.resolve(NAMES));
    }

    private static boolean isDamage(Throwable e) {
        return e instanceof DamagedException
                || (e instanceof SQLiteException sqlite && UNREADABLE.contains(sqlite.getResultCode()));
    }

    /** Why what was there was thrown away, if it was. */
    public Optional<String> discarded() {
        return Optional.of(discarded).filter(why -> !why.isEmpty());
    }

    /** Whether nothing is there, of a state or of names. */
    public boolean isEmpty() {
        return size == 0 && names.size() == 0;
    }

    /** Throws away what is there, since it is not of this log: for whoever has read the log. */
    public void clear(String why) throws IOException {
        tree.writeLock().lock();
        reading.lock();
        try {
            writer.clear();
            // A crash before this leaves names that no state covers, which are thrown away at the next opening.
            names.clear();
            size = 0;
            newest = StateTree.empty(new NewestChunks());
            before = null;
            recent.clear();
            discarded = why;
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            reading.unlock();
            tree.writeLock().unlock();
        }
    }

    /** The newest save; none where there was none, or where it is damaged and was thrown away. */
    public Optional<Snapshot> newest() throws IOException {
        reading.lock();
        try {
            Optional<StateFile.Head> head = reader.newest();
            return head.isEmpty() ? Optional.empty() : Optional.of(snapshot(head.get()));
        } catch (SQLException e) {
            if (!isDamage(e)) {
                throw failed(e);
            }
        } finally {
            reading.unlock();
        }
        clear("its parts are not what was saved");
        return Optional.empty();
    }

    private Snapshot snapshot(StateFile.Head head) throws SQLException {
        return new Snapshot(head.size(), head.logRoot(), head.stateRoot(), reader.parts(head.parts()));
    }

    // ---- saving

    /** Begins to gather the names of the leaves from one on: the size of the newest save, or of the one that is under way. */
    public NewNames newNames(long from) {
        return new NewNames(names.hash(), from);
    }

    /**
     * Saves all, durably as far as the log is: after a crash at any moment, the store has one save whole, this one or the one before.
     *
     * @param newSize how many leaves it is of, all durable in the log
     * @param logRoot the root of the log at that size
     * @param fresh the names of all leaves from the save before on, at least to this size
     * @return the root of the state
     * @throws IOException if it is not known whether it is saved: the store has to be opened anew
     */
    public Hash save(long newSize, Hash logRoot, Changes changes, NewNames fresh) throws IOException {
        if (fresh.from() > size || fresh.end() < newSize) {
            throw new IllegalArgumentException("names of leaves " + fresh.from() + " to " + fresh.end()
                    + " do not go from " + size + " to " + newSize);
        }
        tree.writeLock().lock();
        try {
            requireSound();
            names.add(fresh.sorted(), fresh.end());
            // A crash before this leaves names of leaves that no save covers: they lead to leaves that are read before
            // they are believed.
            return write(newSize, logRoot, changes);
        } catch (SQLException | UncheckedIOException | IllegalStateException e) {
            throw failed(e);
        } finally {
            tree.writeLock().unlock();
        }
    }

    private Hash write(long newSize, Hash logRoot, Changes changes) throws SQLException {
        boolean shared = writer == reader;
        if (shared) {
            reading.lock();
        }
        try {
            writer.database().begin();
            try {
                writer.age();
                Hash root = newest.advance(newSize, changes.standings());
                for (Map.Entry<String, byte[]> part : changes.parts().entrySet()) {
                    writer.putPart(part.getKey(), part.getValue());
                }
                writer.putNewest(newSize, logRoot, root);
                commit(newSize);
                return root;
            } catch (SQLException | RuntimeException e) {
                broken = "a save failed";
                writer.database().rollback();
                throw e;
            }
        } finally {
            if (shared) {
                reading.unlock();
            }
        }
    }

    private void commit(long newSize) throws SQLException {
        reading.lock();
        try {
            // A crash before this leaves the save before; after it this one, or where the machine stopped the one
            // before again.
            writer.database().commit();
            size = newSize;
            before = null;
            recent.clear();
        } finally {
            reading.unlock();
        }
        writer.checkpoint();
    }

    private void requireSound() throws SQLException {
        if (broken != null) {
            throw new SQLException(broken);
        }
    }

    /** What a failure comes to: damage is thrown away, so that the next opening does not find it again. */
    private IOException failed(Exception e) {
        broken = String.valueOf(e.getMessage());
        boolean damage =
                isDamage(e) || e instanceof IllegalStateException || (e.getCause() != null && isDamage(e.getCause()));
        if (damage && folder.isPresent()) {
            try {
                delete(folder.get());
            } catch (IOException stays) {
                e.addSuppressed(stays);
            }
        }
        return new IOException("the store of the state: " + e.getMessage(), e);
    }

    // ---- reading

    /** A question to the state of one size. */
    public <T> Optional<T> asOf(long asked, Function<SavedState, T> question) throws IOException {
        tree.readLock().lock();
        try {
            return atSound(asked).map(found -> question.apply(new SavedState(found, this::failed)));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            tree.readLock().unlock();
        }
    }

    /** The newest save or the one before it, whose root the newest leaf may state: the root of the newest is in none yet. */
    private Optional<StateTree> atSound(long asked) throws IOException {
        try {
            requireSound();
            return at(asked);
        } catch (SQLException | UncheckedIOException | IllegalStateException e) {
            throw failed(e);
        }
    }

    private Optional<StateTree> at(long asked) throws SQLException {
        reading.lock();
        try {
            if (asked == size) {
                return Optional.of(newest);
            }
            if (before == null) {
                Optional<StateFile.Head> head = reader.before();
                if (head.isPresent()) {
                    long count = StateChunk.count(head.get().size());
                    before = new StateTree(
                            new ChunksBefore(),
                            reader.hashesBefore(count),
                            head.get().size());
                }
            }
            return Optional.ofNullable(before).filter(found -> found.size() == asked);
        } finally {
            reading.unlock();
        }
    }

    /** How many leaves the newest save is of. */
    public long size() {
        reading.lock();
        try {
            return size;
        } finally {
            reading.unlock();
        }
    }

    /** The standing of a leaf as of the newest save; empty for one that it does not cover. */
    byte[] standing(long leaf) throws IOException {
        reading.lock();
        try {
            requireSound();
            if (leaf >= size) {
                return new byte[0];
            }
            long number = StateChunk.numberOf(leaf);
            StateChunk chunk = recent.get(number);
            if (chunk == null) {
                chunk = StateChunk.decode(read(reader.chunk(number)), StateChunk.leaves(number, size));
                recent.put(number, chunk);
            }
            return chunk.standing(StateChunk.slotOf(leaf));
        } catch (FormatException e) {
            throw failed(new DamagedException("a chunk of the state has its hash and not its form"));
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            reading.unlock();
        }
    }

    private static byte[] read(Optional<StateFile.Chunk> found) throws DamagedException {
        if (found.isEmpty()
                || !StateChunk.hash(found.get().content()).equals(found.get().hash())) {
            throw new DamagedException("a chunk of the state is not what was saved");
        }
        return found.get().content();
    }

    /** The leaves that may have a name, the newest first. */
    long[] leaves(long name) throws IOException {
        try {
            return names.find(name);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    NameHash hash() {
        return names.hash();
    }

    /** The chunks as they are: within a save read and written by its connection. */
    private final class NewestChunks implements Chunks {
        @Override
        public byte[] read(long number) {
            boolean saving = tree.isWriteLockedByCurrentThread();
            reading.lock();
            try {
                return (saving ? writer : reader)
                        .chunk(number)
                        .map(StateFile.Chunk::content)
                        .orElse(NOTHING);
            } catch (SQLException e) {
                throw unchecked(e);
            } finally {
                reading.unlock();
            }
        }

        @Override
        public void write(long number, byte[] bytes, Hash hash) {
            try {
                writer.putChunk(number, bytes, hash);
            } catch (SQLException e) {
                throw unchecked(e);
            }
        }
    }

    /** The chunks as they were before the last save. */
    private final class ChunksBefore implements Chunks {
        @Override
        public byte[] read(long number) {
            reading.lock();
            try {
                return reader.old(number)
                        .or(() -> now(number))
                        .map(StateFile.Chunk::content)
                        .orElse(NOTHING);
            } catch (SQLException e) {
                throw unchecked(e);
            } finally {
                reading.unlock();
            }
        }

        private Optional<StateFile.Chunk> now(long number) {
            try {
                return reader.chunk(number);
            } catch (SQLException e) {
                throw unchecked(e);
            }
        }

        @Override
        public void write(long number, byte[] bytes, Hash hash) {
            throw new UnsupportedOperationException("what was is not written");
        }
    }

    private static UncheckedIOException unchecked(SQLException e) {
        return new UncheckedIOException(new IOException(e));
    }

    @Override
    public void close() throws IOException {
        try {
            names.close();
            reader.close();
            writer.close();
        } catch (SQLException e) {
            throw new IOException("the store of the state: " + e.getMessage(), e);
        }
    }
}
