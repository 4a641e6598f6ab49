package dev.jurat.ledger.state;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Changes;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged block of names that a merge comes upon before anybody looks for a name in it. */
class DamagedMergeTest {
    @TempDir
    private Path folder;

    private final World world = World.claimed();

    private SignedRecord fold(int number) {
        return world.draft(
                        world.ledger(),
                        new LedgerFacts.RefusedFold(
                                world.agent().stream(),
                                "seen-unknown",
                                1 + 4096L * number,
                                4096L * (number + 1),
                                world.policy()))
                .peek()
                .record();
    }

    private void save(StateStore store) throws IOException {
        long from = store.size();
        NewNames names = store.newNames(from);
        names.add(from, fold((int) from));
        store.save(from + 1, Hash.of(new byte[] {1}), new Changes(new TreeMap<>(), new TreeMap<>()), names);
    }

    @Test
    void isMadeAgain() throws Exception {
        try (StateStore store = StateStore.open(folder)) {
            for (int i = 0; i < 3; i++) {
                save(store);
            }
        }
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("names.db"));
                Statement sql = other.createStatement()) {
            byte[] block;
            long first;
            try (ResultSet rows = sql.executeQuery("select first, names from run_0 order by first limit 1")) {
                rows.next();
                first = rows.getLong(1);
                block = rows.getBytes(2);
            }
            block[block.length / 2] ^= 1;
            try (var update = other.prepareStatement("update run_0 set names = ? where first = ?")) {
                update.setBytes(1, block);
                update.setLong(2, first);
                update.executeUpdate();
            }
        }
        int failed = 0;
        for (int restart = 0; restart < 5; restart++) {
            try (StateStore store = StateStore.open(folder)) {
                for (int i = 0; i < 3; i++) {
                    save(store);
                    Thread.sleep(300);
                    store.leaves(store.hash().own(RecordId.NONE));
                }
            } catch (IOException e) {
                failed++;
            }
        }
        assertTrue(failed <= 1, "stopped " + failed + " times of 5");
    }
}
