package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An index that is made again over a log of some thousand records: a few real ones, again and again. */
class RebuildTest {
    private static final long SIZE = 9_000;
    private static final Hash LOG = Hash.of(new byte[] {1});

    @TempDir
    Path folder;

    private final World world = World.claimed();
    private final FaultStorage storage = new FaultStorage();
    private final List<Long> read = new ArrayList<>();
    private final AtomicLong stopAt = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong size = new AtomicLong(SIZE);

    private void fill() {
        for (int i = 0; i < 3; i++) {
            world.execution().authorise().used();
        }
    }

    private StoredRecord record(long index) throws IOException {
        if (index >= stopAt.get()) {
            throw new IOException("stopped");
        }
        read.add(index);
        List<SignedRecord> leaves = world.log().leaves();
        SignedRecord leaf = leaves.get((int) (index % leaves.size()));
        Optional<Body> body = Optional.ofNullable(world.log().bodies().get(leaf.id()));
        return new StoredRecord(new LeafIndex(index), leaf, body.map(Body::bytes), false, Set.of());
    }

    private Indexer indexer(Path file) throws Exception {
        // The same key each time, so that two indexes can be compared byte for byte.
        WordKeys keys = new WordKeys(storage, bytes -> java.util.Arrays.fill(bytes, (byte) 7));
        return new Indexer("jdbc:sqlite:" + file, LOG, keys, this::record, size::get, new Names(1));
    }

    private static List<String> rows(Path file) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String table : List.of("meta", "name", "record", "act", "resource", "flag", "term", "word", "basis")) {
                try (ResultSet row = statement.executeQuery("select * from " + table + " order by 1, 2")) {
                    while (row.next()) {
                        StringBuilder text = new StringBuilder(table);
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            byte[] value = row.getBytes(i);
                            text.append(' ')
                                    .append(
                                            value == null
                                                    ? "-"
                                                    : java.util.HexFormat.of().formatHex(value));
                        }
                        rows.add(text.toString());
                    }
                }
            }
        }
        return rows;
    }

    @Test
    void aRebuildThatWasStoppedStartsOver() throws Exception {
        fill();
        Path whole = folder.resolve("whole");
        try (Indexer indexer = indexer(whole)) {
            indexer.rebuild(true, (at, all) -> {});
            assertEquals(SIZE, indexer.indexed());
        }
        Path stopped = folder.resolve("stopped");
        Path killed = folder.resolve("killed");
        stopAt.set(5_000);
        try (Indexer indexer = indexer(stopped)) {
            indexer.rebuild(true, (at, all) -> {});
            assertTrue(indexer.fault().isPresent());
            // What a kill leaves: the files as they are, nothing closed.
            for (String end : List.of("", "-wal")) {
                Files.copy(Path.of(stopped + end), Path.of(killed + end));
            }
        }
        stopAt.set(Long.MAX_VALUE);
        for (Path file : List.of(stopped, killed)) {
            read.clear();
            List<Long> heard = new ArrayList<>();
            try (Indexer indexer = indexer(file)) {
                indexer.rebuild(false, (at, all) -> heard.add(at));
            }
            assertTrue(read.getFirst() >= 4_000 && read.getFirst() < 5_000, "went on at " + read.getFirst());
            assertEquals(SIZE - read.getFirst(), read.size());
            assertEquals(SIZE, heard.getLast());
            assertEquals(rows(whole), rows(file));
        }
        read.clear();
        try (Indexer indexer = indexer(stopped)) {
            indexer.rebuild(false, (at, all) -> {});
        }
        assertEquals(0, read.getFirst(), "one that is whole is made anew");
        stopAt.set(5_000);
        try (Indexer indexer = indexer(killed)) {
            indexer.rebuild(true, (at, all) -> {});
            stopAt.set(Long.MAX_VALUE);
            read.clear();
            indexer.rebuild(true, (at, all) -> {});
        }
        assertEquals(0, read.getFirst(), "and one that is not, where that is asked for");
        assertEquals(rows(whole), rows(killed));
    }

    @Test
    @Timeout(60)
    void aNodeCannotStopBeforeItsIndexHasCaughtUp() throws Exception {
        fill();
        size.set(Long.MAX_VALUE);
        try (Indexer indexer = indexer(folder.resolve("index"))) {
            Thread reading = Thread.ofPlatform().start(indexer::catchUp);
            while (indexer.indexed() == 0) {
                Thread.onSpinWait();
            }
            indexer.stop();
            reading.join();
            assertTrue(indexer.fault().isEmpty());
        }
    }

    @Test
    void whatIsNotIndexedFillsTheMemory() throws Exception {
        Names names = new Names(100);
        fill();
        var id = world.log().leaves().getFirst().id();
        var other = world.log().leaves().getLast().id();
        names.put(id, 10);
        names.put(other, 11);
        assertEquals(0, names.from());
        names.put(other, 11 + 100);
        assertTrue(names.find(id).isEmpty());
        assertEquals(11, names.from());
        assertEquals(11L + 100, names.find(other).orElseThrow());
    }
}
