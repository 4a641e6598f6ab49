package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The index in SQLite, and all SQL of the ledger. A view that can be made again from entries and bodies; never believed: whoever finds a
 * record by it compares the record itself.
 *
 * <p>One connection, used by one thread at a time.
 */
final class ActionIndex implements AutoCloseable {
    private static final int VERSION = 5;
    private static final int REPEATS_MAX = 64;
    private static final Set<SQLiteErrorCode> UNREADABLE =
            EnumSet.of(SQLiteErrorCode.SQLITE_NOTADB, SQLiteErrorCode.SQLITE_CORRUPT);
    private static final String META =
            "create table if not exists meta (name text primary key, value text not null) without rowid";
    private static final List<String> SCHEMA = List.of(
            """
            create table if not exists name (
              id blob primary key, idx integer not null, act integer) without rowid""",
            """
            create table if not exists record (
              idx integer primary key, kind text not null, principal text not null, session text not null,
              sequence integer not null, act integer, about integer)""",
            "create index if not exists record_act on record (act, idx) where act is not null",
            "create index if not exists record_about on record (about, idx) where about is not null",
            "create index if not exists record_stream on record (principal, session, sequence)",
            """
            create table if not exists act (
              act integer primary key, intent blob not null, intent_idx integer not null, principal text not null,
              session text not null, method text not null, tool text not null, effect text not null, decision text,
              reason text, outcome text, uses integer not null, at integer not null)""",
            "create index if not exists act_principal on act (principal, act)",
            "create index if not exists act_tool on act (tool, act)",
            "create index if not exists act_decision on act (decision, act)",
            "create index if not exists act_outcome on act (outcome, act)",
            "create index if not exists act_at on act (at, act)",
            "create table if not exists resource (act integer not null, name text not null, primary key (name, act)) without rowid",
            "create index if not exists resource_act on resource (act)",
            "create table if not exists flag (act integer not null, name text not null, primary key (name, act)) without rowid",
            "create index if not exists flag_act on flag (act)",
            "create table if not exists basis (act integer primary key, under integer not null)",
            "create index if not exists basis_under on basis (under, act)");
    private static final List<String> TABLES = List.of("name", "record", "act", "resource", "flag", "basis");

    private final Connection connection;
    /** Statements of fixed texts, made once: to parse one takes longer than to run it. */
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private ActionIndex(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the index of one log; one of another log, or of an older layout, or that SQLite cannot read, is thrown away.
     *
     * @param url a JDBC address of SQLite
     */
    static ActionIndex open(String url, Hash genesis) throws SQLException {
        try {
            return openAsItIs(url, genesis);
        } catch (SQLiteException e) {
            if (!UNREADABLE.contains(e.getResultCode())) {
                throw e;
            }
            delete(url);
            return openAsItIs(url, genesis);
        }
    }

    /** Deletes the files of an index that nobody has open; one in memory has none. */
    static void delete(String url) throws SQLException {
        if (url.contains(":memory:")) {
            return;
        }
        String file = url.substring(JDBC.PREFIX.length());
        try {
            for (String end : List.of("", "-wal", "-shm", "-journal")) {
                Files.deleteIfExists(Path.of(file + end));
            }
        } catch (IOException e) {
            throw new SQLException("cannot be thrown away: " + e.getMessage(), e);
        }
    }

    private static ActionIndex openAsItIs(String url, Hash genesis) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setGetGeneratedKeys(false);
        Connection connection = DriverManager.getConnection(url, config.toProperties());
        try {
            return over(connection, genesis);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static ActionIndex over(Connection connection, Hash genesis) throws SQLException {
        ActionIndex index = new ActionIndex(connection);
        index.run("pragma journal_mode = wal");
        // What a power cut takes from the index is read from the log again; a sync here would hold up the log's own.
        index.run("pragma synchronous = normal");
        index.run("pragma secure_delete = on");
        index.run("pragma busy_timeout = 5000");
        index.run(META);
        String wanted = VERSION + " " + genesis.hex();
        if (!index.meta("log").equals(Optional.of(wanted))) {
            // A crash in between leaves no "log": the next opening starts over.
            index.run("delete from meta");
            for (String table : TABLES) {
                index.run("drop table if exists " + table);
            }
            index.create();
            index.putMeta("log", wanted);
        }
        return index;
    }

    private void create() throws SQLException {
        for (String statement : SCHEMA) {
            run(statement);
        }
    }

    /** Forgets everything. */
    void clear() throws SQLException {
        run("delete from meta where name <> 'log'");
        for (String table : TABLES) {
            run("delete from " + table);
        }
    }

    /** The index of the first record that is not in here. */
    long next() throws SQLException {
        return Long.parseLong(meta("next").orElse("0"));
    }

    /** The clock that was read last, milliseconds since 1970. */
    long atMillis() throws SQLException {
        return Long.parseLong(meta("at").orElse("0"));
    }

    /** Runs changes as one transaction, after which {@link #next} is {@code next}; the changes answer the clock they have come to. */
    void transaction(long next, Changes changes) throws SQLException {
        connection.setAutoCommit(false);
        try {
            long atMillis = changes.make();
            putMeta("next", Long.toString(next));
            putMeta("at", Long.toString(atMillis));
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** What one transaction does. */
    @FunctionalInterface
    interface Changes {
        long make() throws SQLException;
    }

    // ---- writing

    /** Puts a record in; one that only tells about an action, which it is no part of, is traced with that and found by itself. */
    void putRecord(long index, Hash id, Row row, OptionalLong act, OptionalLong about) throws SQLException {
        PreparedStatement insert = prepared(
                "insert or replace into record (idx, kind, principal, session, sequence, act, about) values (?, ?, ?, ?, ?, ?, ?)");
        insert.setLong(1, index);
        insert.setString(2, row.kind());
        insert.setString(3, row.principal());
        insert.setString(4, row.session());
        insert.setLong(5, row.sequence());
        set(insert, 6, act);
        set(insert, 7, about);
        insert.executeUpdate();
        putName(id, index, about.isPresent() ? about : act);
    }

    /** The columns of a record. */
    record Row(String kind, String principal, String session, long sequence) {}

    void putName(Hash id, long index, OptionalLong act) throws SQLException {
        PreparedStatement insert = prepared("insert or replace into name (id, idx, act) values (?, ?, ?)");
        insert.setBytes(1, id.bytes());
        insert.setLong(2, index);
        set(insert, 3, act);
        insert.executeUpdate();
    }

    void putAction(Action action, long intentIndex) throws SQLException {
        PreparedStatement insert = prepared("""
                insert or replace into act (act, intent, intent_idx, principal, session, method, tool, effect, decision, reason,
                  outcome, uses, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)""");
        insert.setLong(1, action.index());
        insert.setBytes(2, action.intent().bytes());
        insert.setLong(3, intentIndex);
        insert.setString(4, action.principal());
        insert.setString(5, action.session());
        insert.setString(6, action.method());
        insert.setString(7, action.tool());
        insert.setString(8, action.effect());
        insert.setString(9, action.decision().orElse(null));
        insert.setString(10, action.reason().orElse(null));
        insert.setString(11, action.outcome().orElse(null));
        insert.setLong(12, action.atMillis());
        insert.executeUpdate();
        for (String resource : action.resources()) {
            putResource(action.index(), resource);
        }
    }

    void putResource(long act, String resource) throws SQLException {
        update("insert or ignore into resource (name, act) values (?, ?)", resource, act);
    }

    void putFlag(long act, String flag) throws SQLException {
        update("insert or ignore into flag (name, act) values (?, ?)", flag, act);
    }

    void decide(long act, String decision, String reason) throws SQLException {
        update("update act set decision = ?, reason = ? where act = ?", decision, reason, act);
    }

    void explain(long act, String reason) throws SQLException {
        update("update act set reason = ? where act = ?", reason, act);
    }

    void outcome(long act, String outcome) throws SQLException {
        update("update act set outcome = ? where act = ?", outcome, act);
    }

    /** Takes back that an action was refused. */
    void reopen(long act) throws SQLException {
        update("update act set outcome = null where act = ? and outcome = 'refused'", act);
    }

    /** Takes what was decided on another action, and what that touches, as this one's: it goes out under the other's contract. */
    void rest(long act, long under) throws SQLException {
        update("insert or replace into basis (act, under) values (?, ?)", act, under);
        update("""
                update act set decision = other.decision, reason = other.reason
                from (select decision, reason from act where act = ?) as other where act.act = ?""", under, act);
        update("insert or ignore into resource (name, act) select name, ? from resource where act = ?", act, under);
    }

    /** Counts a use and answers how many there were before. */
    long countUse(long act) throws SQLException {
        long before = number("select uses from act where act = ?", act).orElse(0);
        update("update act set uses = uses + 1 where act = ?", act);
        return before;
    }

    /** The records from an index to before another that are part of an act by a principal, or by a session of one ({@code principal/session}). */
    List<Long> recordsBy(String who, long from, long to) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select record.idx from record join act on act.act = record.act
                where record.idx >= ?1 and record.idx < ?2 and (act.principal = ?3 or act.principal || '/' || act.session = ?3)
                union
                select record.idx from record join act on act.act = record.about
                where record.idx >= ?1 and record.idx < ?2 and (act.principal = ?3 or act.principal || '/' || act.session = ?3)""")) {
            select.setLong(1, from);
            select.setLong(2, to);
            select.setString(3, who);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
        }
        return found;
    }

    // ---- erasing

    /** The acts that have something from the body of the record at an index: its own, and those that rest on that one. */
    List<Long> actsWith(long body) throws SQLException {
        return numbers("""
                select act from record where idx = ?1 and act is not null
                union select act from basis where under = (select act from record where idx = ?1)""", body);
    }

    /** The records that are part of an act, in the order of the log. */
    List<Long> recordsOf(long act) throws SQLException {
        return numbers("select idx from record where act = ? order by idx", act);
    }

    void dropResources(long act) throws SQLException {
        update("delete from resource where act = ?", act);
    }

    /** Takes the name away from an act that has it from a body alone. */
    void unname(long act, String name) throws SQLException {
        update("update act set method = ?, tool = ? where act = ?", name, name, act);
    }

    /** Gives an act once more what the one that it rests on touches. */
    void restAgain(long act) throws SQLException {
        update("""
                insert or ignore into resource (name, act)
                select resource.name, basis.act from basis join resource on resource.act = basis.under where basis.act = ?""", act);
    }

    /** Brings what was changed into the one file of the index, where deleted rows are zeros, and empties the others. */
    void scrub() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma wal_checkpoint(truncate)")) {
            if (row.next() && row.getInt(1) != 0) {
                throw new SQLException("somebody reads the index and keeps what was deleted");
            }
        }
    }

    // ---- reading

    OptionalLong find(Hash id) throws SQLException {
        return byName("select idx from name where id = ?", id);
    }

    /** The ids that begin with these digits, in order. */
    List<Hash> beginning(String digits, int limit) throws SQLException {
        byte[] from = HexFormat.of().parseHex(digits + "0".repeat(2 * Hash.BYTES - digits.length()));
        byte[] to = HexFormat.of().parseHex(digits + "f".repeat(2 * Hash.BYTES - digits.length()));
        List<Hash> found = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select id from name where id between ? and ? order by id limit ?")) {
            statement.setBytes(1, from);
            statement.setBytes(2, to);
            statement.setInt(3, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(Hash.ofBytes(rows.getBytes(1)));
                }
            }
        }
        return found;
    }

    OptionalLong actOf(Hash id) throws SQLException {
        return byName("select act from name where id = ? and act is not null", id);
    }

    /**
     * The records of one action in the order of the log: its own, those of its intent, all of the call that gave the contract it rests on, those
     * of the first {@value #REPEATS_MAX} repeats that went out under that contract, and what others claim of any of these.
     */
    List<Long> trace(long act) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                with asked (act) as (select intent_idx from act where act = ?1),
                first (act) as (select coalesce((select under from basis where basis.act = asked.act), asked.act) from asked),
                whole (act) as (
                  select ?1 union select act from asked union select act from first
                  union select act from (select act from basis where under = (select act from first) order by act limit ?2))
                select idx from record where act in whole
                union select idx from record where about in whole
                order by idx""")) {
            select.setLong(1, act);
            select.setInt(2, REPEATS_MAX);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
        }
        return found;
    }

    Optional<Action> action(long act) throws SQLException {
        return actions("where a.act = ?", List.of(act), 1).stream().findFirst();
    }

    ActionPage search(Query query) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        equal("a.principal", query.principal(), conditions, values);
        equal("a.tool", query.action(), conditions, values);
        equal("a.decision", query.decision(), conditions, values);
        equal("a.outcome", query.outcome(), conditions, values);
        query.flag().ifPresent(flag -> {
            conditions.add("a.act in (select act from flag where name = ?)");
            values.add(flag);
        });
        query.resource().ifPresent(resource -> resource(resource, conditions, values));
        compare("a.at >= ?", query.since(), conditions, values);
        compare("a.at < ?", query.until(), conditions, values);
        compare("a.act < ?", query.before(), conditions, values);
        String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
        List<Action> found = actions(where, values, query.limit() + 1);
        boolean more = found.size() > query.limit();
        List<Action> page = more ? found.subList(0, query.limit()) : found;
        OptionalLong next = more ? OptionalLong.of(page.getLast().index()) : OptionalLong.empty();
        return new ActionPage(List.copyOf(page), next, next());
    }

    private static void equal(String column, Optional<String> value, List<String> conditions, List<Object> values) {
        value.ifPresent(v -> {
            conditions.add(column + " = ?");
            values.add(v);
        });
    }

    private static void compare(String condition, OptionalLong value, List<String> conditions, List<Object> values) {
        value.ifPresent(v -> {
            conditions.add(condition);
            values.add(v);
        });
    }

    private static void resource(String resource, List<String> conditions, List<Object> values) {
        if (resource.endsWith("*")) {
            String prefix = resource.substring(0, resource.length() - 1);
            conditions.add("a.act in (select act from resource where name >= ? and name < ?)");
            values.add(prefix);
            values.add(prefix + Character.toString(Character.MAX_CODE_POINT));
        } else {
            conditions.add("a.act in (select act from resource where name = ?)");
            values.add(resource);
        }
    }

    private List<Action> actions(String where, List<?> values, int limit) throws SQLException {
        List<Action> found = new ArrayList<>();
        String sql =
                "select act, intent, principal, session, method, tool, effect, decision, reason, outcome, at from act a "
                        + where + " order by a.act desc limit " + limit;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                select.setObject(i + 1, values.get(i));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(action(row));
                }
            }
        }
        return found;
    }

    private Action action(ResultSet row) throws SQLException {
        return new Action(
                row.getLong(1),
                Hash.ofBytes(row.getBytes(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                names("resource", row.getLong(1)),
                Optional.ofNullable(row.getString(8)),
                Optional.ofNullable(row.getString(9)),
                Optional.ofNullable(row.getString(10)),
                names("flag", row.getLong(1)),
                row.getLong(11));
    }

    /** The resources or flags of an action, sorted. */
    private List<String> names(String table, long act) throws SQLException {
        List<String> found = new ArrayList<>();
        PreparedStatement select = prepared("select name from " + table + " where act = ? order by name");
        select.setLong(1, act);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return List.copyOf(found);
    }

    // ---- plumbing

    private Optional<String> meta(String name) throws SQLException {
        PreparedStatement select = prepared("select value from meta where name = ?");
        select.setString(1, name);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        }
    }

    private void putMeta(String name, String value) throws SQLException {
        update("insert or replace into meta (name, value) values (?, ?)", name, value);
    }

    private List<Long> numbers(String sql, long argument) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, argument);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
        }
        return found;
    }

    private OptionalLong number(String sql, long argument) throws SQLException {
        PreparedStatement select = prepared(sql);
        select.setLong(1, argument);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
        }
    }

    private OptionalLong byName(String sql, Hash id) throws SQLException {
        PreparedStatement select = prepared(sql);
        select.setBytes(1, id.bytes());
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
        }
    }

    private void update(String sql, Object... values) throws SQLException {
        PreparedStatement statement = prepared(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.executeUpdate();
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            prepared.put(sql, known);
        }
        return known;
    }

    private static void set(PreparedStatement statement, int place, OptionalLong value) throws SQLException {
        if (value.isPresent()) {
            statement.setLong(place, value.getAsLong());
        } else {
            statement.setNull(place, java.sql.Types.INTEGER);
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
