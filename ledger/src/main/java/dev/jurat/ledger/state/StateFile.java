package dev.jurat.ledger.state;

import dev.jurat.proof.crypto.Hash;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state in SQLite, and all SQL on it: the chunks as they are, those that the last save changed as they were before it, and the parts. Each row
 * has a digest beside what it holds. For one thread at a time.
 */
final class StateFile implements AutoCloseable {
    private static final int VERSION = 1;
    private static final int CACHE_KIBIBYTES = 4096;
    private static final List<String> SCHEMA = List.of(
            "create table meta (version integer not null, names blob not null)",
            """
            create table head (
              age integer primary key, size integer not null, log_root blob not null, state_root blob not null, parts integer not null)""",
            "create table chunk (number integer primary key, content blob not null)",
            "create table hash (number integer primary key, hash blob not null)",
            "create table old (number integer primary key, content blob not null, hash blob not null)",
            "create table part (name text primary key, content blob not null, hash blob not null)");

    private final Database database;

    /** The head of a save: of the newest, or of the one before it. */
    record Head(long size, Hash logRoot, Hash stateRoot, long parts) {}

    /** A chunk and what its hash is to be. */
    record Chunk(byte[] content, Hash hash) {}

    StateFile(String url) throws SQLException {
        this.database = Database.open(url, CACHE_KIBIBYTES);
    }

    /** Makes the tables where there are none, and checks that they are of this version and go with these names. */
    void requireOwn(byte[] names) throws SQLException {
        if (!database.hasTable("meta")) {
            database.transaction(() -> {
                for (String statement : SCHEMA) {
                    database.run(statement);
                }
                PreparedStatement insert = database.prepared("insert into meta (version, names) values (?, ?)");
                insert.setLong(1, VERSION);
                insert.setBytes(2, names);
                insert.executeUpdate();
            });
        }
        // A save says itself when pages go into the file: readers do not wait for that.
        database.run("pragma wal_autocheckpoint = 0");
        try (ResultSet row =
                database.prepared("select version, names from meta").executeQuery()) {
            if (!row.next() || row.getLong(1) != VERSION) {
                throw new DamagedException("the state is of another version");
            }
            if (!Arrays.equals(row.getBytes(2), names)) {
                throw new DamagedException("the state goes with other names");
            }
        }
    }

    Database database() {
        return database;
    }

    // ---- heads

    Optional<Head> newest() throws SQLException {
        return head(0);
    }

    Optional<Head> before() throws SQLException {
        return head(1);
    }

    private Optional<Head> head(int age) throws SQLException {
        PreparedStatement select =
                database.prepared("select size, log_root, state_root, parts from head where age = ?");
        select.setInt(1, age);
        try (ResultSet row = select.executeQuery()) {
            return row.next()
                    ? Optional.of(
                            new Head(row.getLong(1), hash(row.getBytes(2)), hash(row.getBytes(3)), row.getLong(4)))
                    : Optional.empty();
        }
    }

    private static Hash hash(byte[] bytes) throws DamagedException {
        if (bytes == null || bytes.length != Hash.BYTES) {
            throw new DamagedException("the state has a hash of another length");
        }
        return Hash.ofBytes(bytes);
    }

    /** Within a save: what was the newest becomes the one before it, and what was that goes. */
    void age() throws SQLException {
        database.run("delete from old");
        database.run("delete from head where age = 1");
        database.run("update head set age = 1 where age = 0");
    }

    void putNewest(long size, Hash logRoot, Hash stateRoot) throws SQLException {
        PreparedStatement insert = database.prepared("""
                insert into head (age, size, log_root, state_root, parts) values (0, ?, ?, ?, (select count(*) from part))""");
        insert.setLong(1, size);
        insert.setBytes(2, logRoot.bytes());
        insert.setBytes(3, stateRoot.bytes());
        insert.executeUpdate();
    }

    /** Forgets everything. */
    void clear() throws SQLException {
        database.transaction(() -> {
            for (String table : List.of("head", "chunk", "hash", "old", "part")) {
                database.run("delete from " + table);
            }
        });
    }

    // ---- chunks

    /** A chunk as it is now. */
    Optional<Chunk> chunk(long number) throws SQLException {
        return chunk("select content, hash from chunk join hash using (number) where number = ?", number);
    }

    /** A chunk as it was before the last save, where that changed it. */
    Optional<Chunk> old(long number) throws SQLException {
        return chunk("select content, hash from old where number = ?", number);
    }

    private Optional<Chunk> chunk(String sql, long number) throws SQLException {
        PreparedStatement select = database.prepared(sql);
        select.setLong(1, number);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(new Chunk(row.getBytes(1), hash(row.getBytes(2)))) : Optional.empty();
        }
    }

    /** Within a save: replaces a chunk, and keeps what it was. */
    void putChunk(long number, byte[] content, Hash hash) throws SQLException {
        PreparedStatement keep = database.prepared("""
                insert into old (number, content, hash)
                  select number, content, hash from chunk join hash using (number) where number = ?""");
        keep.setLong(1, number);
        keep.executeUpdate();
        put("insert or replace into chunk (number, content) values (?, ?)", number, content);
        put("insert or replace into hash (number, hash) values (?, ?)", number, hash.bytes());
    }

    private void put(String sql, long number, byte[] bytes) throws SQLException {
        PreparedStatement insert = database.prepared(sql);
        insert.setLong(1, number);
        insert.setBytes(2, bytes);
        insert.executeUpdate();
    }

    /** The hashes of all chunks. */
    List<Hash> hashes() throws SQLException {
        return hashes("select number, hash from hash order by number");
    }

    /** The hashes of the first {@code count} chunks as they were before the last save. */
    List<Hash> hashesBefore(long count) throws SQLException {
        List<Hash> all = hashes(
                "select number, coalesce(old.hash, hash.hash) from hash left join old using (number) where number < "
                        + count + " order by number");
        return all;
    }

    private List<Hash> hashes(String sql) throws SQLException {
        List<Hash> all = new ArrayList<>();
        try (PreparedStatement select = database.prepareOnce(sql);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                if (rows.getLong(1) != all.size()) {
                    throw new DamagedException("the state lacks chunk " + all.size());
                }
                all.add(hash(rows.getBytes(2)));
            }
        }
        return all;
    }

    // ---- parts

    /** Within a save: replaces a part, or takes it out where it is empty. */
    void putPart(String name, byte[] content) throws SQLException {
        if (content.length == 0) {
            PreparedStatement delete = database.prepared("delete from part where name = ?");
            delete.setString(1, name);
            delete.executeUpdate();
            return;
        }
        PreparedStatement insert =
                database.prepared("insert or replace into part (name, content, hash) values (?, ?, ?)");
        insert.setString(1, name);
        insert.setBytes(2, content);
        insert.setBytes(3, Hash.of(content).bytes());
        insert.executeUpdate();
    }

    /** All parts, of which there are to be so many. */
    SortedMap<String, byte[]> parts(long count) throws SQLException {
        SortedMap<String, byte[]> parts = new TreeMap<>();
        try (PreparedStatement select = database.prepareOnce("select name, content, hash from part");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                byte[] content = rows.getBytes(2);
                if (!Hash.of(content).equals(hash(rows.getBytes(3)))) {
                    throw new DamagedException("a part of the state is not what was saved");
                }
                parts.put(rows.getString(1), content);
            }
        }
        if (parts.size() != count) {
            throw new DamagedException("the state has not as many parts as were saved");
        }
        return parts;
    }

    /** Brings what was committed into the one file, as far as nobody reads what was there before. */
    void checkpoint() throws SQLException {
        database.run("pragma wal_checkpoint(passive)");
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
