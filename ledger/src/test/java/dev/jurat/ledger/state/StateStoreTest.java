package dev.jurat.ledger.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Changes;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.state.StateChunk;
import dev.jurat.proof.state.StateChunks;
import dev.jurat.proof.state.StateTree;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateStoreTest {
    private static final SignedRecord RECORD = World.claimed().log().leaves().getLast();
    private static final Hash LOG = Hash.of(new byte[] {9});

    private final Random random = new Random(11);
    /** What the store is to be: every standing, and the tree over them. */
    private final Map<Long, byte[]> standings = new TreeMap<>();

    private final StateTree tree = StateTree.empty(StateChunks.inMemory());

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Hash saveTo(StateStore store, long size, Map<String, byte[]> parts) throws IOException {
        NewNames names = store.newNames(store.size());
        for (long leaf = store.size(); leaf < size; leaf++) {
            names.add(leaf, RECORD);
        }
        TreeMap<Long, byte[]> changed = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            byte[] standing = new byte[random.nextInt(20)];
            random.nextBytes(standing);
            changed.put(random.nextLong(size), standing);
        }
        standings.putAll(changed);
        Hash root = store.save(size, LOG, new Changes(changed, new TreeMap<>(parts)), names);
        assertEquals(tree.advance(size, changed), root);
        return root;
    }

    private void assertWhole(StateStore store, long size, Hash root) throws IOException {
        Snapshot snapshot = store.newest().orElseThrow();
        assertEquals(size, snapshot.size());
        assertEquals(root, snapshot.stateRoot());
        assertEquals(LOG, snapshot.logRoot());
        for (long leaf = 0; leaf < size; leaf++) {
            assertArrayEquals(standings.getOrDefault(leaf, new byte[0]), store.standing(leaf), "leaf " + leaf);
        }
        assertEquals(0, store.standing(size).length);
    }

    private static void assertProves(StateStore store, long size, Hash root) throws IOException {
        Optional<Boolean> sound = store.asOf(size, state -> {
            assertEquals(root, state.root());
            long count = StateChunk.count(size);
            for (long number = 0; number < count; number++) {
                InclusionProof proof =
                        new InclusionProof(new LeafIndex(number), new TreeSize(count), state.path(number));
                try {
                    proof.verify(StateChunk.hash(state.chunk(number)), root);
                } catch (dev.jurat.proof.FormatException e) {
                    throw new AssertionError("chunk " + number + " of size " + size, e);
                }
            }
            return true;
        });
        assertTrue(sound.orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSaveIsReadBackAsAnother(boolean inMemory) throws Exception {
        long size = 0;
        Hash root = tree.root();
        try (StateStore store = inMemory ? StateStore.inMemory() : StateStore.open(folder)) {
            assertTrue(store.newest().isEmpty());
            for (int i = 0; i < 12; i++) {
                long sizeBefore = size;
                Hash rootBefore = root;
                size += 1 + random.nextInt(700);
                root = saveTo(store, size, Map.of("a" + i, bytes("part " + i), "b", bytes("b" + i)));
                assertWhole(store, size, root);
                assertProves(store, size, root);
                if (i > 0) {
                    assertProves(store, sizeBefore, rootBefore);
                }
                assertTrue(store.asOf(size + 1, state -> true).isEmpty());
            }
            saveTo(store, size, Map.of("a3", new byte[0]));
            assertEquals(12, store.newest().orElseThrow().parts().size());
        }
        if (!inMemory) {
            try (StateStore store = StateStore.open(folder)) {
                assertWhole(store, size, tree.root());
                assertProves(store, size, tree.root());
                Map<String, byte[]> parts = store.newest().orElseThrow().parts();
                assertFalse(parts.containsKey("a3"));
                assertArrayEquals(bytes("b11"), parts.get("b"));
                assertTrue(store.discarded().isEmpty());
                saveTo(store, size + 300, Map.of());
                assertProves(store, size, root(store, size));
            }
        }
    }

    private static Hash root(StateStore store, long size) throws IOException {
        return store.asOf(size, SavedState::root).orElseThrow();
    }

    /** Copies of the files while they are in use are what a kill leaves; SQLite's own files hold what is not in the one yet. */
    @Test
    void aKillLeavesHalfASave() throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            long size = 0;
            for (int i = 0; i < 5; i++) {
                size += 400;
                Hash root = saveTo(store, size, Map.of("p", bytes("p" + i)));
                try (StateStore killed = copy("copy" + i, i, i)) {
                    assertWhole(killed, size, root);
                    assertArrayEquals(
                            bytes("p" + i),
                            killed.newest().orElseThrow().parts().get("p"));
                }
                if (i > 0) {
                    // A commit that is cut off: the state before stands, and the names are ahead of it.
                    goesOn(copy("cut" + i, i, i - 1), size - 400, size + 10);
                }
            }
        }
    }

    /** The files as they are now, kept; then opened as another process finds them, of the state those of an earlier save. */
    private StateStore copy(String name, int names, int state) throws IOException {
        Path kept = Files.createDirectories(folder.resolve("kept" + names));
        Path opened = Files.createDirectory(folder.resolve(name));
        for (String file : List.of("state.db", "state.db-wal", "names.db", "names.db-wal")) {
            Files.copy(folder.resolve(file), kept.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            int of = file.startsWith("names") ? names : state;
            Files.copy(folder.resolve("kept" + of).resolve(file), opened.resolve(file));
        }
        StateStore killed = StateStore.open(opened);
        assertTrue(killed.discarded().isEmpty());
        return killed;
    }

    private static void goesOn(StateStore killed, long from, long to) throws IOException {
        try (killed) {
            assertEquals(from, killed.size());
            killed.save(to, LOG, new Changes(new TreeMap<>(), new TreeMap<>()), upTo(killed, to));
            assertEquals(to, killed.size());
        }
    }

    @Test
    void namesAreBehindTheState() throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            saveTo(store, 300, Map.of());
            NewNames gap = store.newNames(301);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.save(301, LOG, new Changes(new TreeMap<>(), new TreeMap<>()), gap));
            NewNames few = store.newNames(300);
            few.add(300, RECORD);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.save(302, LOG, new Changes(new TreeMap<>(), new TreeMap<>()), few));
            assertThrows(IllegalArgumentException.class, () -> few.add(302, RECORD));
            assertEquals(300, store.size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update meta set version = 2",
                "update meta set names = x'00'",
                "update hash set hash = zeroblob(32) where number = 1",
                "delete from hash where number = 0",
                "delete from hash where number = 2",
                "update head set size = 2000",
                "update head set state_root = zeroblob(32)",
                "update head set state_root = x'00'",
                "update part set content = x'00' where name = 'p'",
                "delete from part where name = 'p'",
            })
    void aDamagedStateIsBelieved(String damage) throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            saveTo(store, 700, Map.of("p", bytes("p"), "q", bytes("q")));
        }
        run("state.db", damage);
        assertThrownAway();
    }

    private void run(String file, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(Database.url(folder.resolve(file)));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void assertThrownAway() throws IOException {
        try (StateStore store = StateStore.open(folder)) {
            assertTrue(store.newest().isEmpty());
            assertFalse(store.discarded().orElseThrow().isEmpty());
            assertEquals(0, store.size());
            standings.clear();
            Hash root = store.save(
                    300, LOG, new Changes(new TreeMap<>(), new TreeMap<>(Map.of("p", bytes("p")))), upTo(store, 300));
            assertWhole(store, 300, root);
        }
        try (StateStore store = StateStore.open(folder)) {
            assertTrue(store.discarded().isEmpty());
            assertEquals(300, store.size());
        }
    }

    private static NewNames upTo(StateStore store, long size) {
        NewNames names = store.newNames(store.size());
        for (long leaf = store.size(); leaf < size; leaf++) {
            names.add(leaf, RECORD);
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.db", "names.db"})
    void aFileThatIsNotOneOfSqliteStaysInTheWay(String file) throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            saveTo(store, 700, Map.of());
        }
        byte[] bytes = Files.readAllBytes(folder.resolve(file));
        Arrays.fill(bytes, (byte) 0x5a);
        Files.write(folder.resolve(file), bytes);
        assertThrownAway();
    }

    @Test
    void aStateWithoutItsNamesIsBelieved() throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            saveTo(store, 700, Map.of());
        }
        Files.delete(folder.resolve("names.db"));
        assertThrownAway();
    }

    @Test
    void namesThatEndBeforeTheStateAreBelieved() throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            saveTo(store, 700, Map.of());
        }
        run("names.db", "update meta set size = 699");
        assertThrownAway();
    }

    /** It is found when it is read; what was in the way is gone at the next opening. */
    @Test
    void aDamagedChunkIsReadAgain() throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            saveTo(store, 700, Map.of());
        }
        run(
                "state.db",
                "update chunk set content = cast(substr(content, 1, 10) || x'01' || substr(content, 12) as blob)");
        try (StateStore store = StateStore.open(folder)) {
            assertThrows(IOException.class, () -> store.standing(5));
            assertThrows(IOException.class, () -> saveTo(store, 800, Map.of()));
        }
        try (StateStore store = StateStore.open(folder)) {
            assertEquals(0, store.size());
        }
    }

    @Test
    void whatIsOfAnotherLogIsKept() throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            saveTo(store, 700, Map.of("p", bytes("p")));
            store.clear("the log has another root");
            assertEquals(Optional.of("the log has another root"), store.discarded());
            assertTrue(store.newest().isEmpty());
            assertEquals(0, store.leaves(store.hash().own(RECORD.id())).length);
            standings.clear();
            Hash root = store.save(300, LOG, new Changes(new TreeMap<>(), new TreeMap<>()), upTo(store, 300));
            assertWhole(store, 300, root);
            assertEquals(300, store.leaves(store.hash().own(RECORD.id())).length);
        }
        try (StateStore store = StateStore.open(folder)) {
            assertEquals(300, store.size());
        }
    }
}
