package dev.jurat.ledger.state;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names of a log's leaves in SQLite, and all SQL on them: sorted runs, of which four of a size are merged into one beside everything else.
 * A name leads to leaves that may have it; whoever asks reads them.
 *
 * <p>Invariant: once {@link #add} returned, the names are durable; none is ever lost while the file can be read. Thread-safe.
 */
final class NameFile implements AutoCloseable {
    private static final long VERSION = 1;
    private static final int FAN_IN = 4;
    /** More runs than this are not waited for: they are merged first. */
    private static final int RUNS_MAX = 64;

    private static final long RETRY_SECONDS = 5;
    private static final int CACHE_KIBIBYTES = 4096;
    private static final int BLOCKS_DROPPED_AT_ONCE = 2048;

    private final Database writer;
    private final Database reader;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Condition work = writing.newCondition();
    private final ReentrantLock reading;
    private final byte[] key;
    private final @Nullable Thread merging;
    /** Runs that count no more. */
    private final Deque<Long> retired = new ArrayDeque<>();

    private List<NameRun> runs;
    private @Nullable NameMerge merge;
    private @Nullable PreparedStatement find;
    private long nextRun;
    private volatile long size;
    private volatile boolean closing;
    private volatile @Nullable Exception fault;

    private NameFile(Database writer, Database reader) throws SQLException {
        this.writer = writer;
        this.reader = reader;
        boolean shared = writer == reader;
        this.reading = shared ? writing : new ReentrantLock();
        if (!writer.hasTable("meta")) {
            writer.transaction(this::create);
        }
        if (number("select version from meta") != VERSION) {
            throw new DamagedException("names of another version");
        }
        this.key = key();
        this.size = number("select size from meta");
        this.runs = readRuns();
        findUnfinished();
        this.merging =
                shared ? null : Thread.ofPlatform().name("jurat-names").daemon().unstarted(this::mergeOn);
    }

    /** Opens the names in a file, or makes it; {@link Database#IN_MEMORY} serves reading and writing by one connection. */
    static NameFile open(String url) throws SQLException {
        Database writer = Database.open(url, CACHE_KIBIBYTES);
        Database reader = writer;
        try {
            reader = url.equals(Database.IN_MEMORY) ? writer : Database.open(url, CACHE_KIBIBYTES);
            NameFile file = new NameFile(writer, reader);
            if (file.merging != null) {
                file.merging.start();
            }
            return file;
        } catch (SQLException | RuntimeException e) {
            reader.close();
            writer.close();
            throw e;
        }
    }

    private void create() throws SQLException {
        writer.run("create table meta (version integer not null, key blob not null, size integer not null)");
        writer.run("create table run (id integer primary key, count integer not null)");
        byte[] fresh = new byte[NameHash.KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        PreparedStatement insert = writer.prepared("insert into meta (version, key, size) values (?, ?, 0)");
        insert.setLong(1, VERSION);
        insert.setBytes(2, fresh);
        insert.executeUpdate();
    }

    private long number(String sql) throws SQLException {
        try (ResultSet row = writer.prepared(sql).executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private byte[] key() throws SQLException {
        try (ResultSet row = writer.prepared("select key from meta").executeQuery()) {
            byte[] found = row.next() ? row.getBytes(1) : new byte[0];
            if (found.length != NameHash.KEY_BYTES) {
                throw new DamagedException("names without a key");
            }
            return found;
        }
    }

    private List<NameRun> readRuns() throws SQLException {
        List<NameRun> found = new ArrayList<>();
        try (ResultSet rows =
                writer.prepared("select id, count from run order by id").executeQuery()) {
            while (rows.next()) {
                found.add(new NameRun(rows.getLong(1), rows.getLong(2)));
            }
        }
        return found;
    }

    /** What a merge that was cut off has left, and what one was cut off that had come to its end. */
    private void findUnfinished() throws SQLException {
        List<Long> counted = runs.stream().map(NameRun::id).toList();
        try (ResultSet rows = writer.prepared("select name from sqlite_master where type = 'table'")
                .executeQuery()) {
            while (rows.next()) {
                String name = rows.getString(1);
                if (name.startsWith(NameRun.PREFIX)) {
                    long id = Long.parseLong(name.substring(NameRun.PREFIX.length()));
                    nextRun = Math.max(nextRun, id + 1);
                    if (!counted.contains(id)) {
                        retired.add(id);
                    }
                }
            }
        }
    }

    /** What tells these names from all others: their key. */
    byte[] identity() {
        return key.clone();
    }

    NameHash hash() {
        return new NameHash(key);
    }

    /** The leaf after the last one whose names are in here. */
    long size() {
        return size;
    }

    /** Takes in the names of all leaves from those that are in here to another one, durably. */
    void add(NameList names, long end) throws SQLException {
        writing.lock();
        try {
            requireSound();
            while (runs.size() > RUNS_MAX && tidyStep()) {}
            long id = nextRun++;
            // What is saved with these names must not be durable before they are.
            writer.run("pragma synchronous = full");
            List<NameRun> now = new ArrayList<>(runs);
            writer.transaction(() -> write(id, names, end, now));
            // A crash before this leaves nothing of them; after it, names that what is saved does not cover yet.
            writer.run("pragma synchronous = normal");
            size = end;
            use(now);
            work.signalAll();
            while (merging == null && tidyStep()) {}
        } finally {
            writing.unlock();
        }
    }

    /** Forgets all names. */
    void clear() throws SQLException {
        writing.lock();
        try {
            requireSound();
            if (merge != null) {
                retired.add(merge.id());
                merge = null;
            }
            writer.transaction(() -> {
                writer.run("delete from run");
                writer.run("update meta set size = 0");
            });
            runs.forEach(run -> retired.add(run.id()));
            size = 0;
            use(List.of());
            work.signalAll();
        } finally {
            writing.unlock();
        }
    }

    private void write(long id, NameList names, long end, List<NameRun> all) throws SQLException {
        if (names.count() > 0) {
            NameRun.Writer run = new NameRun.Writer(writer, id);
            for (int i = 0; i < names.count(); i++) {
                run.put(names.names()[i], names.leaves()[i]);
            }
            run.flush();
            run.close();
            NameRun written = new NameRun(id, run.count());
            insert(written);
            all.add(written);
        }
        PreparedStatement update = writer.prepared("update meta set size = ?");
        update.setLong(1, end);
        update.executeUpdate();
    }

    private void insert(NameRun run) throws SQLException {
        PreparedStatement insert = writer.prepared("insert into run (id, count) values (?, ?)");
        insert.setLong(1, run.id());
        insert.setLong(2, run.count());
        insert.executeUpdate();
    }

    private void use(List<NameRun> now) throws SQLException {
        reading.lock();
        try {
            if (find != null) {
                find.close();
                find = null;
            }
            runs = now;
        } finally {
            reading.unlock();
        }
    }

    private void requireSound() throws SQLException {
        Exception why = fault;
        if (why != null) {
            String told = "names: " + why.getMessage();
            throw why instanceof DamagedException ? new DamagedException(told) : new SQLException(told, why);
        }
    }

    // ---- finding

    /** The leaves that may have a name, the newest first. */
    long[] find(long name) throws SQLException {
        reading.lock();
        try {
            requireSound();
            if (runs.isEmpty()) {
                return new long[0];
            }
            if (find == null) {
                find = reader.prepareOnce(runs.stream()
                        .map(run -> "select * from (select names from " + run.table()
                                + " where first <= ?1 order by first desc limit 1)")
                        .collect(Collectors.joining(" union all ")));
            }
            return find(find, name);
        } finally {
            reading.unlock();
        }
    }

    private static long[] find(PreparedStatement select, long name) throws SQLException {
        long[] leaves = new long[2];
        int count = 0;
        select.setLong(1, name);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                ByteBuffer block = NameBlock.read(rows.getBytes(1));
                for (int at = NameBlock.find(block, name);
                        at < NameBlock.count(block) && NameBlock.name(block, at) == name;
                        at++) {
                    leaves = count == leaves.length ? Arrays.copyOf(leaves, 2 * count) : leaves;
                    leaves[count++] = NameBlock.leaf(block, at);
                }
            }
        }
        return newestFirst(Arrays.copyOf(leaves, count));
    }

    private static long[] newestFirst(long[] leaves) {
        Arrays.sort(leaves);
        for (int low = 0, high = leaves.length - 1; low < high; low++, high--) {
            long leaf = leaves[low];
            leaves[low] = leaves[high];
            leaves[high] = leaf;
        }
        return leaves;
    }

    // ---- tidying

    private void mergeOn() {
        try {
            while (!closing) {
                tidyOrWait();
            }
        } catch (DamagedException | RuntimeException e) {
            fault = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tidyOrWait() throws DamagedException, InterruptedException {
        long waitSeconds = Long.MAX_VALUE;
        try {
            if (tidyStep()) {
                return;
            }
        } catch (DamagedException e) {
            throw e;
        } catch (SQLException e) {
            // A full disk, for one: names are found in many runs as in few, only slower.
            waitSeconds = RETRY_SECONDS;
        }
        await(waitSeconds);
    }

    private void await(long seconds) throws InterruptedException {
        writing.lock();
        try {
            boolean idle = merge == null && toMerge().isEmpty() && retired.isEmpty();
            if (!closing && (idle || seconds == RETRY_SECONDS)) {
                work.await(seconds, TimeUnit.SECONDS);
            }
        } finally {
            writing.unlock();
        }
    }

    /** Goes on with merging and dropping for a step; answers whether there was anything to do. */
    private boolean tidyStep() throws SQLException {
        writing.lock();
        try {
            if (merge == null) {
                // The room of what counts no more is for the next merge.
                if (dropSome()) {
                    return true;
                }
                List<NameRun> like = toMerge();
                if (like.isEmpty()) {
                    return false;
                }
                merge = new NameMerge(writer, like, nextRun++);
            }
            if (!merge.step()) {
                finish(merge);
                merge = null;
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            if (merge != null) {
                retired.add(merge.id());
                merge = null;
            }
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** The runs of the first size of which there are enough. */
    private List<NameRun> toMerge() {
        Map<Integer, List<NameRun>> tiers = new TreeMap<>(runs.stream().collect(Collectors.groupingBy(NameRun::tier)));
        return tiers.values().stream()
                .filter(like -> like.size() >= FAN_IN)
                .findFirst()
                .orElse(List.of());
    }

    private void finish(NameMerge done) throws SQLException {
        NameRun merged = done.merged();
        List<NameRun> now = new ArrayList<>(runs);
        now.removeAll(done.runs());
        now.add(merged);
        writer.transaction(() -> {
            insert(merged);
            for (NameRun run : done.runs()) {
                writer.run("delete from run where id = " + run.id());
            }
        });
        // A crash before this leaves the runs as they were, and one that counts for nothing; after it, some that count
        // no more.
        use(now);
        done.runs().forEach(run -> retired.add(run.id()));
    }

    private boolean dropSome() throws SQLException {
        Long id = retired.peek();
        if (id == null) {
            return false;
        }
        String table = NameRun.PREFIX + id;
        try (PreparedStatement delete =
                writer.prepareOnce("delete from " + table + " where first in (select first from " + table
                        + " order by first limit " + BLOCKS_DROPPED_AT_ONCE + ")")) {
            if (delete.executeUpdate() == 0) {
                writer.run("drop table " + table);
                retired.remove();
            }
        }
        return true;
    }

    /** Waits until nothing is left to tidy. */
    void settle() throws SQLException {
        while (tidyStep()) {}
    }

    /** How many runs a name is looked for in. */
    int runs() {
        reading.lock();
        try {
            return runs.size();
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        closing = true;
        writing.lock();
        work.signalAll();
        writing.unlock();
        if (merging != null) {
            joinUninterruptibly(merging);
        }
        writing.lock();
        reading.lock();
        try {
            reader.close();
            writer.close();
        } finally {
            reading.unlock();
            writing.unlock();
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
