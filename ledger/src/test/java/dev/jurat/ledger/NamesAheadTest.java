package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that was killed between the names of a save and the save: names.db is ahead of state.db. */
class NamesAheadTest {
    private static final LedgerConfig CONFIG = LedgerRig.stating(6);

    @TempDir
    private Path folder;

    @TempDir
    private Path saved;

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private static void admitted(Ledger ledger, Matter matter) {
        assertInstanceOf(
                RecordAnswer.Admitted.class,
                committed(ledger.append(group(matter))).results().getFirst());
    }

    private static void authorise(Ledger ledger, Execution call) {
        committed(ledger.append(group(
                call.intent().sign(),
                call.context().sign(),
                call.decision().sign(),
                call.contract().sign(),
                call.identity().sign())));
    }

    private void observe(Ledger ledger, int records) throws Exception {
        for (int i = 0; i < records; i++) {
            admitted(ledger, world.observation(world.point(), "ping").sign());
            rig.now.addAndGet(20);
            Thread.sleep(5);
            rig.follow(ledger);
        }
    }

    private void copy(String name) throws Exception {
        Files.copy(folder.resolve(name), saved.resolve(name));
    }

    private void back(String name) throws Exception {
        Files.deleteIfExists(folder.resolve(name + "-wal"));
        Files.deleteIfExists(folder.resolve(name + "-shm"));
        Files.delete(folder.resolve(name));
        Files.copy(saved.resolve(name), folder.resolve(name));
    }

    /** A log that goes on behind a saved state, with names of more: what a power loss leaves too, since names are synced and the state is not. */
    private FaultStorage aheadBy(Setting before, Supplier<Matter> after) throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            before.in(ledger);
            observe(ledger, 40);
        }
        copy("state.db");
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            admitted(ledger, after.get());
            observe(ledger, 20);
        }
        back("state.db");
        return storage;
    }

    private interface Setting {
        void in(Ledger ledger) throws Exception;
    }

    private Connection sql(String file) throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(file));
    }

    @Test
    void aUseUnderAnIdentityFromBefore() throws Exception {
        Execution ranged = world.execution().ranged(10, 60_000);
        FaultStorage storage =
                aheadBy(ledger -> authorise(ledger, ranged), () -> ranged.use().sign());
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            admitted(ledger, ranged.outcome(Result.SUCCESS).sign());
        }
    }

    @Test
    void aSession() throws Exception {
        FaultStorage storage = aheadBy(
                ledger -> {}, () -> world.session("agent", "late-1").draft().sign());
        rig.open(storage, CONFIG, folder).close();
    }

    @Test
    void anEnrolment() throws Exception {
        FaultStorage storage = aheadBy(
                ledger -> {},
                () -> world.enrol("later", SignerType.AGENT, Role.AGENT).draft().sign());
        rig.open(storage, CONFIG, folder).close();
    }

    /** Nothing is done to the files: the state cannot be written for a while, as on a full disk, and the node stops. */
    @Test
    void aSaveThatFailsBehindItsNames() throws Exception {
        FaultStorage storage = rig.seed();
        Execution ranged = world.execution().ranged(10, 60_000);
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            authorise(ledger, ranged);
            observe(ledger, 40);
        }
        Ledger ledger = rig.open(storage, CONFIG, folder);
        try (Connection other = sql("state.db");
                Statement sql = other.createStatement()) {
            sql.execute("begin immediate");
            admitted(ledger, ranged.use().sign());
            for (int i = 0; i < 100 && ledger.status().state() == LedgerStatus.State.RUNNING; i++) {
                if (ledger.append(group(world.observation(world.point(), "ping").sign()))
                        instanceof GroupAnswer.Stopped) {
                    break;
                }
                rig.now.addAndGet(20);
                Thread.sleep(100);
            }
            sql.execute("rollback");
        }
        ledger.close();
        for (int start = 0; start < 3; start++) {
            rig.open(storage, CONFIG, folder).close();
        }
    }

    /** {@code StateStore.clear} was cut off between its two files: names that no state covers are said to be thrown away. */
    @Test
    void aClearThatWasCutOff() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            observe(ledger, 40);
        }
        try (Connection other = sql("state.db");
                Statement sql = other.createStatement()) {
            for (String table : new String[] {"head", "chunk", "hash", "old", "part"}) {
                sql.execute("delete from " + table);
            }
        }
        rig.open(storage, CONFIG, folder).close();
    }

    /** A block of names is damaged; what finds it is the merge. */
    @Test
    void namesThatAMergeFindsDamagedAreMadeAgain() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            observe(ledger, 10);
        }
        try (Connection other = sql("names.db");
                Statement sql = other.createStatement()) {
            String table;
            try (ResultSet rows = sql.executeQuery("select max(id) from run")) {
                rows.next();
                table = "run_" + rows.getLong(1);
            }
            byte[] block;
            try (ResultSet rows = sql.executeQuery("select names from " + table + " limit 1")) {
                rows.next();
                block = rows.getBytes(1);
            }
            block[block.length / 2] ^= 1;
            try (var update = other.prepareStatement("update " + table + " set names = ?")) {
                update.setBytes(1, block);
                assertEquals(1, update.executeUpdate());
            }
        }
        int stops = 0;
        for (int restart = 0; restart < 6; restart++) {
            try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
                for (int i = 0; i < 30; i++) {
                    Matter next = world.observation(world.point(), "ping").peek();
                    GroupAnswer answer = ledger.append(group(next));
                    if (answer instanceof GroupAnswer.Committed) {
                        world.point().advance(next.record().header().sequence(), next.id());
                        rig.follow(ledger);
                    }
                    if (answer instanceof GroupAnswer.Stopped) {
                        stops++;
                        break;
                    }
                    rig.now.addAndGet(20);
                    Thread.sleep(20);
                }
            } catch (LedgerException | UncheckedIOException e) {
                stops++;
            }
        }
        assertTrue(stops <= 1, "stopped " + stops + " times of 6");
    }

    /** An idle node that is started again and again: nothing comes that no stated size covers. */
    @Test
    void anIdleNodeStatesNothingMore() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            observe(ledger, 10);
            for (int i = 0; i < 8; i++) {
                rig.now.addAndGet(20_000);
                Thread.sleep(400);
            }
        }
        long size = -1;
        for (int restart = 0; restart < 4; restart++) {
            try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
                for (int i = 0; i < 3; i++) {
                    rig.now.addAndGet(20_000);
                    Thread.sleep(400);
                }
                long now = 0;
                for (long i = 0; i < ledger.head().size().value(); i++) {
                    if (ledger.record(new LeafIndex(i)).orElseThrow().record().kind() == Kind.STATE) {
                        now++;
                    }
                }
                if (restart > 0) {
                    assertEquals(size, now, "state leaves of an idle node");
                }
                size = now;
            }
        }
    }

    /** An opening that was refused is answered as before, whether or not the node was started again. */
    @Test
    void anOpeningThatWasRefusedStaysRefused() throws Exception {
        FaultStorage storage = rig.seed();
        Matter opening;
        RecordAnswer.Present before;
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            admitted(
                    ledger,
                    world.changes(
                                    world.administrator(),
                                    "agent",
                                    SignerType.AGENT,
                                    RegistryFacts.KeyAction.SUSPEND,
                                    Role.AGENT)
                            .sign());
            opening = world.session("agent", "late-1").draft().sign();
            assertInstanceOf(
                    RecordAnswer.Refused.class,
                    committed(ledger.append(group(opening))).results().getFirst());
            admitted(
                    ledger,
                    world.changes(
                                    world.administrator(),
                                    "agent",
                                    SignerType.AGENT,
                                    RegistryFacts.KeyAction.RESUME,
                                    Role.AGENT)
                            .sign());
            before = assertInstanceOf(
                    RecordAnswer.Present.class,
                    committed(ledger.append(group(opening))).results().getFirst());
            observe(ledger, 40);
        }
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            RecordAnswer after =
                    committed(ledger.append(group(opening))).results().getFirst();
            assertEquals(before, after);
        }
    }
}
