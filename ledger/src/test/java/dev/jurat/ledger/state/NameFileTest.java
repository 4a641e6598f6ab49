package dev.jurat.ledger.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameFileTest {
    private static final int BATCH = 4000;

    private final Random random = new Random(7);
    private final Map<Long, List<Long>> all = new TreeMap<>();
    private long leaf;

    @TempDir
    Path folder;

    private String url() {
        return Database.url(folder.resolve("names"));
    }

    /** Names at random, in one of five cases one that was there before. */
    private void fill(NameFile file) throws SQLException {
        long[] names = new long[BATCH];
        long[] leaves = new long[BATCH];
        List<Long> known = new ArrayList<>(all.keySet());
        for (int i = 0; i < BATCH; i++) {
            boolean again = !known.isEmpty() && random.nextInt(5) == 0;
            names[i] = again ? known.get(random.nextInt(known.size())) : random.nextLong();
            leaves[i] = leaf++;
            all.computeIfAbsent(names[i], n -> new ArrayList<>()).add(leaves[i]);
        }
        file.add(NameList.sorted(names, leaves, BATCH), leaf);
    }

    private void assertAllFound(NameFile file) throws SQLException {
        for (Map.Entry<Long, List<Long>> name : all.entrySet()) {
            if (random.nextInt(8) > 0) {
                continue;
            }
            long[] newestFirst = name.getValue().stream()
                    .sorted(Comparator.reverseOrder())
                    .mapToLong(Long::longValue)
                    .toArray();
            assertArrayEquals(newestFirst, file.find(name.getKey()));
        }
        for (int i = 0; i < 1000; i++) {
            long other = random.nextLong();
            assertEquals(all.containsKey(other), file.find(other).length > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNameIsLostInAMerge(boolean inMemory) throws Exception {
        try (NameFile file = NameFile.open(inMemory ? Database.IN_MEMORY : url())) {
            for (int i = 0; i < 24; i++) {
                fill(file);
                if (i % 10 == 3) {
                    assertAllFound(file);
                }
            }
            file.settle();
            assertTrue(file.runs() < 8, "merged, of 24: " + file.runs());
            assertAllFound(file);
            assertEquals(24L * BATCH, file.size());
        }
        if (!inMemory) {
            try (NameFile file = NameFile.open(url())) {
                assertAllFound(file);
            }
        }
    }

    @Test
    void oneNameOfVeryManyLeavesFillsMoreThanABlock() throws Exception {
        long[] names = new long[3000];
        long[] leaves = new long[3000];
        for (int i = 0; i < names.length; i++) {
            names[i] = i % 2 == 0 ? 42 : 42L << 40 | i;
            leaves[i] = i;
        }
        try (NameFile file = NameFile.open(url())) {
            for (int i = 0; i < 5; i++) {
                file.add(NameList.sorted(names, leaves, names.length), names.length);
            }
            file.settle();
            long[] found = file.find(42);
            assertEquals(2998, found[0]);
            assertEquals(1500, java.util.Arrays.stream(found).distinct().count());
            assertEquals(
                    1,
                    java.util.Arrays.stream(file.find(42L << 40 | 7)).distinct().count());
        }
    }

    /** Files as a kill leaves them in the midst of a merge: nothing closed, a run half written. */
    @Test
    void aMergeThatWasKilledCounts() throws Exception {
        Path copy = folder.resolve("copy");
        try (NameFile file = NameFile.open(url())) {
            for (int i = 0; i < 7; i++) {
                fill(file);
            }
            for (String end : List.of("", "-wal")) {
                Files.copy(folder.resolve("names" + end), Path.of(copy + end));
            }
        }
        try (Connection connection = DriverManager.getConnection(Database.url(copy));
                Statement statement = connection.createStatement()) {
            statement.execute("create table run_1000 (first integer primary key, names blob not null)");
            statement.execute("insert into run_1000 values (1, x'00')");
        }
        try (NameFile file = NameFile.open(Database.url(copy))) {
            assertAllFound(file);
            file.settle();
            assertAllFound(file);
            fill(file);
            assertAllFound(file);
        }
        try (Connection connection = DriverManager.getConnection(Database.url(copy));
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from sqlite_master where name = 'run_1000'")) {
            assertEquals(0, rows.getInt(1));
        }
    }

    @Test
    void aChangedNameIsBelieved() throws Exception {
        try (NameFile file = NameFile.open(url())) {
            fill(file);
        }
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update run_0 set names = cast(substr(names, 1, 100) || x'55' || substr(names, 102) as blob)");
        }
        try (NameFile file = NameFile.open(url())) {
            assertThrows(
                    DamagedException.class,
                    () -> file.find(all.keySet().iterator().next()));
        }
    }

    @Test
    void namesOfAnotherVersionAreRead() throws Exception {
        NameFile.open(url()).close();
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("update meta set version = 2");
        }
        assertThrows(DamagedException.class, () -> NameFile.open(url()));
    }

    @Test
    void aLeafBeyondWhatABlockHoldsIsCutShort() {
        long[] leaves = {1L << 48};
        assertThrows(IllegalArgumentException.class, () -> NameBlock.encode(new long[1], leaves, 1));
    }
}
