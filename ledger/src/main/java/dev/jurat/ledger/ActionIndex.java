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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
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
    private static final int VERSION = 6;
    private static final int REPEATS_MAX = 64;
    private static final int TRACE_MAX = 1000;
    private static final int PLACES_MAX = 1 << 15;
    private static final Set<SQLiteErrorCode> UNREADABLE =
            EnumSet.of(SQLiteErrorCode.SQLITE_NOTADB, SQLiteErrorCode.SQLITE_CORRUPT);
    private static final String META =
            "create table if not exists meta (name text primary key, value text not null) without rowid";
    /** Ids and terms are in no order of time: beginning with the part, their rows are written to a few pages nevertheless. */
    private static final List<String> SCHEMA = List.of(
            """
            create table if not exists name (
              part integer not null, id blob not null, idx integer not null, act integer, primary key (part, id)) without rowid""",
            "create table if not exists record (idx integer primary key, act integer, about integer)",
            "create index if not exists record_act on record (act, idx) where act is not null",
            "create index if not exists record_about on record (about, idx) where about is not null",
            """
            create table if not exists act (
              act integer primary key, intent blob not null, intent_idx integer not null, principal text not null,
              session text not null, method text not null, tool text not null, effect text not null, decision text,
              reason text, outcome text, uses integer not null, at integer not null)""",
            "create table if not exists resource (act integer not null, name text not null, primary key (act, name)) without rowid",
            "create table if not exists flag (act integer not null, name text not null, primary key (act, name)) without rowid",
            """
            create table if not exists term (
              part integer not null, term text not null, block integer not null, acts blob not null,
              primary key (part, term, block)) without rowid""",
            "create table if not exists word (idx integer primary key, tokens text not null)",
            "create table if not exists basis (act integer primary key, under integer not null)",
            "create index if not exists basis_under on basis (under, act)");

    private static final String ACTION =
            "select act, intent, principal, session, method, tool, effect, decision, reason, outcome, at from act ";
    private static final List<String> TABLES =
            List.of("name", "record", "act", "resource", "flag", "term", "word", "basis");

    private final Connection connection;
    /** Statements of fixed texts, made once: to parse one takes longer than to run it. */
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private final Postings postings = new Postings(new TermRows());
    /** Where ids lead that were put or asked for lately. */
    private final Map<Hash, Place> places = new LinkedHashMap<>(PLACES_MAX, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, Place> eldest) {
            return size() > PLACES_MAX;
        }
    };

    private long partMax;
    private boolean writing;

    /** Where an id stands; nowhere where {@code index} is negative. */
    private record Place(long index, OptionalLong act) {}

    private ActionIndex(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the index of one log; one of another log, or of an older layout, or that SQLite cannot read, is thrown away.
     *
     * @param url a JDBC address of SQLite
     * @param log what tells the log, and the key of the words, from others
     */
    static ActionIndex open(String url, String log) throws SQLException {
        try {
            return openAsItIs(url, log);
        } catch (SQLiteException e) {
            if (!UNREADABLE.contains(e.getResultCode())) {
                throw e;
            }
            delete(url);
            return openAsItIs(url, log);
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

    private static ActionIndex openAsItIs(String url, String log) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setGetGeneratedKeys(false);
        Connection connection = DriverManager.getConnection(url, config.toProperties());
        try {
            return over(connection, log);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static ActionIndex over(Connection connection, String log) throws SQLException {
        ActionIndex index = new ActionIndex(connection);
        index.run("pragma journal_mode = wal");
        // What a power cut takes from the index is read from the log again; a sync here would hold up the log's own.
        index.run("pragma synchronous = normal");
        index.run("pragma secure_delete = on");
        index.run("pragma temp_store = memory");
        index.run("pragma cache_size = -32768");
        index.run("pragma wal_autocheckpoint = 4096");
        index.run("pragma busy_timeout = 5000");
        index.run(META);
        String wanted = VERSION + " " + log;
        if (!index.meta("log").equals(Optional.of(wanted))) {
            // A crash in between leaves no "log": the next opening starts over.
            index.run("delete from meta");
            for (String table : TABLES) {
                index.run("drop table if exists " + table);
            }
            index.create();
            index.putMeta("log", wanted);
        }
        index.partMax = index.next() / ActSet.PART;
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
        places.clear();
        partMax = 0;
    }

    /** Notes that the index is being made anew, or that it is whole. */
    void putBuilding(boolean building) throws SQLException {
        putMeta("building", Boolean.toString(building));
    }

    /** Whether it was being made anew, and not to the end. */
    boolean isBuilding() throws SQLException {
        return meta("building").equals(Optional.of("true"));
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
        change(() -> {
            long atMillis = changes.make();
            reached(next, atMillis);
            return atMillis;
        });
    }

    /** Within a change: notes how far the index has read. */
    void reached(long next, long atMillis) throws SQLException {
        putMeta("next", Long.toString(next));
        putMeta("at", Long.toString(atMillis));
    }

    /** Runs changes as one transaction. */
    void change(Changes changes) throws SQLException {
        connection.setAutoCommit(false);
        writing = true;
        try {
            changes.make();
            postings.flush();
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            postings.drop();
            places.clear();
            connection.rollback();
            throw e;
        } finally {
            writing = false;
            connection.setAutoCommit(true);
        }
    }

    /** Answers a question from one state of the index, whatever is committed meanwhile. */
    <T> T snapshot(Indexer.Question<T> question) throws SQLException {
        connection.setAutoCommit(false);
        try {
            return question.ask(this);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
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

    /** What one transaction does. */
    @FunctionalInterface
    interface Changes {
        long make() throws SQLException;
    }

    // ---- writing

    /** Puts a record in; one that only tells about an action, which it is no part of, is traced with that and found by itself. */
    void putRecord(long index, Hash id, OptionalLong act, OptionalLong about) throws SQLException {
        PreparedStatement insert = prepared("insert or replace into record (idx, act, about) values (?, ?, ?)");
        insert.setLong(1, index);
        set(insert, 2, act);
        set(insert, 3, about);
        insert.executeUpdate();
        putName(id, index, about.isPresent() ? about : act);
    }

    void putName(Hash id, long index, OptionalLong act) throws SQLException {
        PreparedStatement insert = prepared("insert or replace into name (part, id, idx, act) values (?, ?, ?, ?)");
        partMax = Math.max(partMax, index / ActSet.PART);
        insert.setLong(1, index / ActSet.PART);
        insert.setBytes(2, id.bytes());
        insert.setLong(3, index);
        set(insert, 4, act);
        insert.executeUpdate();
        places.put(id, new Place(index, act));
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
        putTerms(action);
        for (String resource : action.resources()) {
            putResource(action.index(), resource);
        }
    }

    private void putTerms(Action action) throws SQLException {
        long act = action.index();
        postings.put(Terms.principal(action.principal()), act, true);
        postings.put(Terms.namespace(action.principal()), act, true);
        postings.put(Terms.tool(action.tool()), act, true);
        if (action.decision().isPresent()) {
            postings.put(Terms.decision(action.decision().get()), act, true);
        }
        if (action.outcome().isPresent()) {
            postings.put(Terms.outcome(action.outcome().get()), act, true);
        }
    }

    void putResource(long act, String resource) throws SQLException {
        update("insert or ignore into resource (act, name) values (?, ?)", act, resource);
        for (String term : Terms.ofResource(resource)) {
            postings.put(term, act, true);
        }
    }

    void putFlag(long act, String flag) throws SQLException {
        update("insert or ignore into flag (act, name) values (?, ?)", act, flag);
        postings.put(Terms.flag(flag), act, true);
    }

    /** Puts in what is kept of the words of a record's body. */
    void putWords(long index, long act, List<String> tokens) throws SQLException {
        update("insert or replace into word (idx, tokens) values (?, ?)", index, String.join(" ", tokens));
        for (String token : tokens) {
            postings.put(Terms.word(token), act, true);
        }
    }

    /** Takes out the words of a record's body, but for those that other records of its action have too. */
    void forgetWords(long index) throws SQLException {
        Set<String> gone = tokens("select tokens from word where idx = ?", index);
        update("delete from word where idx = ?", index);
        OptionalLong act = number("select act from record where idx = ? and act is not null", index);
        if (act.isPresent()) {
            gone.removeAll(tokens(
                    "select tokens from word where idx in (select idx from record where act = ?)", act.getAsLong()));
            for (String token : gone) {
                postings.put(Terms.word(token), act.getAsLong(), false);
            }
        }
    }

    private Set<String> tokens(String sql, long argument) throws SQLException {
        Set<String> found = new TreeSet<>();
        PreparedStatement select = prepared(sql);
        select.setLong(1, argument);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.addAll(List.of(rows.getString(1).split(" ")));
            }
        }
        return found;
    }

    void decide(long act, String decision, String reason) throws SQLException {
        decide(act, Optional.of(decision), Optional.of(reason));
    }

    private void decide(long act, Optional<String> decision, Optional<String> reason) throws SQLException {
        Optional<String> before = word("select decision from act where act = ?", act);
        if (before.isPresent()) {
            postings.put(Terms.decision(before.get()), act, false);
        }
        update(
                "update act set decision = ?, reason = ? where act = ?",
                decision.orElse(null),
                reason.orElse(null),
                act);
        if (decision.isPresent()) {
            postings.put(Terms.decision(decision.get()), act, true);
        }
    }

    void explain(long act, String reason) throws SQLException {
        update("update act set reason = ? where act = ?", reason, act);
    }

    void outcome(long act, String outcome) throws SQLException {
        outcome(act, Optional.of(outcome));
    }

    private void outcome(long act, Optional<String> outcome) throws SQLException {
        Optional<String> before = word("select outcome from act where act = ?", act);
        if (before.isPresent()) {
            postings.put(Terms.outcome(before.get()), act, false);
        }
        update("update act set outcome = ? where act = ?", outcome.orElse(null), act);
        if (outcome.isPresent()) {
            postings.put(Terms.outcome(outcome.get()), act, true);
        }
    }

    /** Takes back that an action was refused. */
    void reopen(long act) throws SQLException {
        if (word("select outcome from act where act = ?", act).equals(Optional.of("refused"))) {
            outcome(act, Optional.empty());
        }
    }

    /** Takes what was decided on another action, and what that touches, as this one's: it goes out under the other's contract. */
    void rest(long act, long under) throws SQLException {
        update("insert or replace into basis (act, under) values (?, ?)", act, under);
        Optional<Action> other = action(under);
        if (other.isPresent()) {
            decide(act, other.get().decision(), other.get().reason());
        }
        for (String resource : other.map(Action::resources).orElse(List.of())) {
            putResource(act, resource);
        }
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
        for (String resource : names("resource", act)) {
            for (String term : Terms.ofResource(resource)) {
                postings.put(term, act, false);
            }
        }
        update("delete from resource where act = ?", act);
    }

    /** Takes the name away from an act that has it from a body alone. */
    void unname(long act, String name) throws SQLException {
        Optional<String> before = word("select tool from act where act = ?", act);
        if (before.isPresent()) {
            postings.put(Terms.tool(before.get()), act, false);
        }
        update("update act set method = ?, tool = ? where act = ?", name, name, act);
        postings.put(Terms.tool(name), act, true);
    }

    /** Gives an act once more what the one that it rests on touches. */
    void restAgain(long act) throws SQLException {
        OptionalLong under = number("select under from basis where act = ?", act);
        for (String resource : under.isPresent() ? names("resource", under.getAsLong()) : List.<String>of()) {
            putResource(act, resource);
        }
    }

    // ---- reading

    OptionalLong find(Hash id) throws SQLException {
        Place place = place(id);
        return place.index() < 0 ? OptionalLong.empty() : OptionalLong.of(place.index());
    }

    OptionalLong actOf(Hash id) throws SQLException {
        return place(id).act();
    }

    /** The newest place of an id. */
    private Place place(Hash id) throws SQLException {
        Place known = places.get(id);
        if (known != null) {
            return known;
        }
        PreparedStatement select = prepared("select idx, act from name where part = ? and id = ?");
        select.setBytes(2, id.bytes());
        for (long part = partMax(); part >= 0; part--) {
            select.setLong(1, part);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return placed(id, new Place(row.getLong(1), number(row, 2)));
                }
            }
        }
        return placed(id, new Place(-1, OptionalLong.empty()));
    }

    /** Remembers a place while this writes: nobody else does, so that it stays true. */
    private Place placed(Hash id, Place place) {
        if (writing) {
            places.put(id, place);
        }
        return place;
    }

    /** The last part that has names: by what this connection has put, and what others have committed. */
    private long partMax() throws SQLException {
        return Math.max(partMax, next() / ActSet.PART);
    }

    /** The ids that begin with these digits, in order. */
    List<Hash> beginning(String digits, int limit) throws SQLException {
        SortedSet<String> found = new TreeSet<>();
        HexFormat hex = HexFormat.of();
        PreparedStatement select =
                prepared("select id from name where part = ? and id between ? and ? order by id limit ?");
        select.setBytes(2, hex.parseHex(digits + "0".repeat(2 * Hash.BYTES - digits.length())));
        select.setBytes(3, hex.parseHex(digits + "f".repeat(2 * Hash.BYTES - digits.length())));
        select.setInt(4, limit);
        for (long part = partMax(); part >= 0; part--) {
            select.setLong(1, part);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(hex.formatHex(rows.getBytes(1)));
                }
            }
        }
        return found.stream()
                .limit(limit)
                .map(id -> Hash.ofBytes(hex.parseHex(id)))
                .toList();
    }

    /**
     * The records of one action in the order of the log: its own, those of its intent, all of the call that gave the contract it rests on, those
     * of the first {@value #REPEATS_MAX} repeats that went out under that contract, and what others claim of any of these. Of each of these actions the
     * first {@value #TRACE_MAX} of its own and the first {@value #TRACE_MAX} claims, and no more than twice that of all.
     */
    List<Long> trace(long act) throws SQLException {
        SortedSet<Long> own = new TreeSet<>();
        SortedSet<Long> claims = new TreeSet<>();
        for (long one : together(act)) {
            if (own.size() < TRACE_MAX) {
                own.addAll(numbers("select idx from record where act = ? order by idx limit ?", one, TRACE_MAX));
            }
            if (claims.size() < TRACE_MAX) {
                claims.addAll(numbers("select idx from record where about = ? order by idx limit ?", one, TRACE_MAX));
            }
        }
        own.addAll(claims);
        return own.stream().limit(2L * TRACE_MAX).toList();
    }

    /** The action, that of its intent, the one that gave the contract, and its repeats. */
    private Set<Long> together(long act) throws SQLException {
        Set<Long> all = new LinkedHashSet<>(List.of(act));
        OptionalLong asked = number("select intent_idx from act where act = ?", act);
        if (asked.isPresent()) {
            all.add(asked.getAsLong());
            long first = number("select under from basis where act = ?", asked.getAsLong())
                    .orElse(asked.getAsLong());
            all.add(first);
            all.addAll(numbers("select act from basis where under = ? order by act limit ?", first, REPEATS_MAX));
        }
        return all;
    }

    Optional<Action> action(long act) throws SQLException {
        PreparedStatement select = prepared(ACTION + "where act = ?");
        select.setLong(1, act);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(action(row)) : Optional.empty();
        }
    }

    /** The actions from one on and before another, newest first. */
    private List<Action> actions(long from, long below, int limit) throws SQLException {
        List<Action> found = new ArrayList<>();
        PreparedStatement select = prepared(ACTION + "where act >= ? and act < ? order by act desc limit ?");
        select.setLong(1, from);
        select.setLong(2, below);
        select.setInt(3, limit);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(action(row));
            }
        }
        return found;
    }

    /**
     * Looks for actions.
     *
     * @param tokens what is kept of the words that are looked for
     */
    ActionPage search(Query query, List<String> tokens) throws SQLException {
        long covered = next();
        long from = query.since().isPresent() ? firstAt(query.since().getAsLong(), covered) : 0;
        long until = query.until().isPresent() ? firstAt(query.until().getAsLong(), covered) : covered;
        long below = Math.min(until, query.before().orElse(covered));
        Matches matches = new Matches(this, query, tokens);
        List<Action> found;
        long rest = 0;
        if (matches.isOfAll()) {
            found = actions(from, below, query.limit() + 1);
        } else {
            Matches.Found acts = matches.find(from, below, query.limit() + 1);
            found = new ArrayList<>();
            for (long act : acts.acts()) {
                found.add(action(act).orElseThrow(() -> new SQLException("no action " + act)));
            }
            rest = acts.below();
        }
        if (found.size() > query.limit()) {
            List<Action> page = found.subList(0, query.limit());
            return new ActionPage(
                    List.copyOf(page), OptionalLong.of(page.getLast().index()), covered);
        }
        return new ActionPage(List.copyOf(found), rest > 0 ? OptionalLong.of(rest) : OptionalLong.empty(), covered);
    }

    /** The first act of a time or later; {@code end} where there is none. The clock never goes back, so neither do acts. */
    private long firstAt(long millis, long end) throws SQLException {
        long low = 0;
        long high = end;
        PreparedStatement select = prepared("select act, at from act where act >= ? order by act limit 1");
        while (low < high) {
            long middle = (low + high) >>> 1;
            select.setLong(1, middle);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getLong(2) >= millis) {
                    high = middle;
                } else {
                    low = row.getLong(1) + 1;
                }
            }
        }
        return low;
    }

    /** Adds the acts of a part that have a term; answers how many rows that took. */
    int addActs(long part, String term, ActSet into) throws SQLException {
        PreparedStatement select = prepared("select block, acts from term where part = ? and term = ?");
        select.setLong(1, part);
        select.setString(2, term);
        return addActs(part, select, into);
    }

    /** Adds the acts of a part that have any term from one on and before another. */
    int addActs(long part, String from, String to, ActSet into) throws SQLException {
        PreparedStatement select = prepared("select block, acts from term where part = ? and term >= ? and term < ?");
        select.setLong(1, part);
        select.setString(2, from);
        select.setString(3, to);
        return addActs(part, select, into);
    }

    private static int addActs(long part, PreparedStatement select, ActSet into) throws SQLException {
        int count = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                into.add(rows.getBytes(2), (int) (rows.getLong(1) * ActSet.BLOCK - part * ActSet.PART));
                count++;
            }
        }
        return count;
    }

    /** The rows of the table of terms. */
    private final class TermRows implements Postings.Rows {
        @Override
        public Optional<byte[]> read(Postings.Row row) throws SQLException {
            PreparedStatement select = prepared("select acts from term where part = ? and term = ? and block = ?");
            set(select, row);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
        }

        @Override
        public void write(Postings.Row row, Optional<byte[]> acts) throws SQLException {
            PreparedStatement change = prepared(
                    acts.isPresent()
                            ? "insert or replace into term (part, term, block, acts) values (?, ?, ?, ?)"
                            : "delete from term where part = ? and term = ? and block = ?");
            set(change, row);
            if (acts.isPresent()) {
                change.setBytes(4, acts.get());
            }
            change.executeUpdate();
        }

        private void set(PreparedStatement statement, Postings.Row row) throws SQLException {
            statement.setLong(1, row.block() * ActSet.BLOCK / ActSet.PART);
            statement.setString(2, row.term());
            statement.setLong(3, row.block());
        }
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

    private List<Long> numbers(String sql, long argument, int limit) throws SQLException {
        List<Long> found = new ArrayList<>();
        PreparedStatement select = prepared(sql);
        select.setLong(1, argument);
        select.setInt(2, limit);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
        }
        return found;
    }

    private Optional<String> word(String sql, long argument) throws SQLException {
        PreparedStatement select = prepared(sql);
        select.setLong(1, argument);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        }
    }

    private static OptionalLong number(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private void update(String sql, @Nullable Object... values) throws SQLException {
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
