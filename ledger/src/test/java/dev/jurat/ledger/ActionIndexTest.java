package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.proof.crypto.Hash;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActionIndexTest {
    private static final String LOG = Hash.of(new byte[] {1}).hex();

    @TempDir
    Path folder;

    @Test
    void anIndexOfAnOlderLayoutStaysInTheWay() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("ledger.sqlite");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("create table meta (name text primary key, value text not null) without rowid");
            statement.execute("insert into meta values ('log', '5 " + LOG + "'), ('next', '7')");
            statement.execute("create table record (idx integer primary key, kind text not null, act integer)");
            statement.execute("insert into record values (5, 'outcome', 3)");
        }
        try (ActionIndex index = ActionIndex.open(url, LOG)) {
            assertEquals(0, index.next());
            index.putRecord(9, Hash.of(new byte[] {2}), OptionalLong.of(9), OptionalLong.of(3));
            assertEquals(List.of(9L), index.trace(3), "what an older layout held is gone");
        }
        try (ActionIndex index = ActionIndex.open(url, LOG)) {
            assertEquals(List.of(9L), index.trace(3), "the same layout is kept");
        }
    }
}
