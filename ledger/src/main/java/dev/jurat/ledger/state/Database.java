package dev.jurat.ledger.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/** One connection to a SQLite file, with its statements. For one thread at a time. */
final class Database implements AutoCloseable {
    /** A file that goes with its connection. */
    static final String IN_MEMORY = JDBC.PREFIX + ":memory:";

    private final Connection connection;
    /** Statements of fixed texts, made once: to parse one takes longer than to run it. */
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private Database(Connection connection) {
        this.connection = connection;
    }

    /** Opens a file or makes it; its pages in memory are bounded. */
    static Database open(String url, int cacheKibibytes) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setGetGeneratedKeys(false);
        Database database = new Database(DriverManager.getConnection(url, config.toProperties()));
        try {
            database.run("pragma journal_mode = wal");
            database.run("pragma synchronous = normal");
            database.run("pragma temp_store = memory");
            database.run("pragma cache_size = -" + cacheKibibytes);
            database.run("pragma busy_timeout = 5000");
            return database;
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    static String url(Path file) {
        return JDBC.PREFIX + file;
    }

    /** Deletes a file with what SQLite puts beside it. */
    static void delete(Path file) throws IOException {
        for (String end : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(Path.of(file + end));
        }
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    /** Makes a statement that is closed with its user. */
    PreparedStatement prepareOnce(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    /** What one transaction does. */
    @FunctionalInterface
    interface Work {
        void run() throws SQLException;
    }

    void transaction(Work work) throws SQLException {
        begin();
        try {
            work.run();
            commit();
        } catch (SQLException | RuntimeException e) {
            rollback();
            throw e;
        }
    }

    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    void commit() throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
    }

    void rollback() throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }

    boolean hasTable(String name) throws SQLException {
        try (PreparedStatement select = prepareOnce("select 1 from sqlite_master where type = 'table' and name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
